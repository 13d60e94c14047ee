Option Explicit

Private WithEvents App As Application
Private isRegistered As Boolean

Private Sub Workbook_Open()
    Set App = Application
    Register
End Sub

Private Sub App_WorkbookOpen(ByVal Wb As Workbook)
    Register
    XladdinRebind Wb
End Sub

Private Sub App_WorkbookActivate(ByVal Wb As Workbook)
    Register
End Sub

' Excel takes help for functions only while a workbook is visible, and so not always when it starts.
Private Sub Register()
    If isRegistered Or ActiveWorkbook Is Nothing Then Exit Sub
    On Error GoTo NotYet
    XladdinRegister
    isRegistered = True
NotYet:
End Sub
