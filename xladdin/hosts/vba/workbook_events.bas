Option Explicit

Private Sub Workbook_Open()
    On Error Resume Next
    XladdinRegister
    XladdinRebind ThisWorkbook
End Sub
