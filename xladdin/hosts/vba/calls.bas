' Calls of the functions in Python. The wrappers below are generated from the catalogue.
Option Explicit

Public Const XLADDIN_VERSION As String = "version"
Private Const MODULE_NAME As String = "xladdin.udfs"

' All that xlwings asks for. It would read it from sheets and files beside whatever workbook is open, and so let any
' workbook choose the program that runs.
Public Function XladdinConfig(ByVal key As String, ByVal otherwise As String) As String
    XladdinConfig = otherwise
    Select Case key
    Case "ADD_WORKBOOK_TO_PYTHONPATH"
        XladdinConfig = "false"
    Case "INTERPRETER_WIN"
        If XladdinFileExists(XladdinPython) Then XladdinConfig = XladdinPython
    End Select
End Function

' The Python that made this; on a machine without it the one on the path is taken.
Private Function XladdinPython() As String
    XladdinPython = "python"
End Function

Private Function XladdinFileExists(ByVal path As String) As Boolean
    ' Not Dir, which knows no letters beyond those of the system's code page.
    XladdinFileExists = CreateObject("Scripting.FileSystemObject").FileExists(path)
End Function

Private Function XladdinCall(ByVal functionName As String, ByVal given As Variant) As Variant
    Dim cells() As Variant, place As Long
    On Error GoTo Failed
    If UBound(given) < LBound(given) Then
        XladdinCall = XladdinResult(XLPy.CallUDF(MODULE_NAME, functionName, given))
        Exit Function
    End If
    ReDim cells(LBound(given) To UBound(given))
    For place = LBound(given) To UBound(given)
        cells(place) = XladdinCells(given(place))
    Next place
    XladdinCall = XladdinResult(XLPy.CallUDF(MODULE_NAME, functionName, cells))
    Exit Function
Failed:
    ' The cell has room for an error only; the reason is shown below the sheet.
    XladdinCall = CVErr(xlErrValue)
    XladdinSay Err.Description
End Function

Private Sub XladdinSay(ByVal reason As String)
    On Error Resume Next
    ' LibreOffice, which takes itself for version 11, ends with a fault when this is set while a workbook loads.
    If Val(Application.Version) < 16 Then Exit Sub
    Application.StatusBar = "xladdin: " & reason & " (xladdin doctor --host excel says what to do)"
End Sub

' What an argument holds, with errors as their text, since Python would see an error cell as a blank or a number.
Public Function XladdinCells(Optional ByVal given As Variant) As Variant
    If IsMissing(given) Then
        XladdinCells = Empty
    ElseIf IsObject(given) Then
        XladdinCells = XladdinTexts(given.Value2)
    Else
        XladdinCells = XladdinTexts(given)
    End If
End Function

Private Function XladdinTexts(ByVal cells As Variant) As Variant
    Dim row As Long, column As Long
    Select Case XladdinDimensions(cells)
    Case 0
        XladdinTexts = XladdinErrorText(cells)
        Exit Function
    Case 1
        For row = LBound(cells) To UBound(cells)
            cells(row) = XladdinErrorText(cells(row))
        Next row
    Case Else
        For row = LBound(cells, 1) To UBound(cells, 1)
            For column = LBound(cells, 2) To UBound(cells, 2)
                If IsError(cells(row, column)) Then cells(row, column) = XladdinErrorText(cells(row, column))
            Next column
        Next row
    End Select
    XladdinTexts = cells
End Function

' What Python gave, with the texts of errors as errors.
Public Function XladdinResult(ByVal values As Variant) As Variant
    Dim row As Long, column As Long
    Select Case XladdinDimensions(values)
    Case 0
        XladdinResult = XladdinError(values)
        Exit Function
    Case 1
        For row = LBound(values) To UBound(values)
            values(row) = XladdinError(values(row))
        Next row
    Case Else
        For row = LBound(values, 1) To UBound(values, 1)
            For column = LBound(values, 2) To UBound(values, 2)
                If VarType(values(row, column)) = vbString Then values(row, column) = XladdinError(values(row, column))
            Next column
        Next row
    End Select
    XladdinResult = values
End Function

Private Function XladdinDimensions(ByVal values As Variant) As Long
    Dim upper As Long
    If Not IsArray(values) Then Exit Function
    XladdinDimensions = 1
    On Error GoTo NoMore
    upper = UBound(values, 2)
    XladdinDimensions = 2
NoMore:
End Function

Public Function XladdinErrorText(ByVal cell As Variant) As Variant
    XladdinErrorText = cell
    If Not IsError(cell) Then Exit Function
    Select Case CLng(cell)
    Case xlErrNull: XladdinErrorText = "#NULL!"
    Case xlErrDiv0: XladdinErrorText = "#DIV/0!"
    Case xlErrRef: XladdinErrorText = "#REF!"
    Case xlErrName: XladdinErrorText = "#NAME?"
    Case xlErrNum: XladdinErrorText = "#NUM!"
    Case xlErrNA: XladdinErrorText = "#N/A"
    Case Else: XladdinErrorText = "#VALUE!"
    End Select
End Function

Public Function XladdinError(ByVal value As Variant) As Variant
    XladdinError = value
    If VarType(value) <> vbString Then Exit Function
    Select Case value
    Case "#NULL!": XladdinError = CVErr(xlErrNull)
    Case "#DIV/0!": XladdinError = CVErr(xlErrDiv0)
    Case "#VALUE!": XladdinError = CVErr(xlErrValue)
    Case "#REF!": XladdinError = CVErr(xlErrRef)
    Case "#NAME?": XladdinError = CVErr(xlErrName)
    Case "#NUM!": XladdinError = CVErr(xlErrNum)
    Case "#N/A": XladdinError = CVErr(xlErrNA)
    End Select
End Function

' Excel keeps the path of the add-in that a workbook was saved with, and shows #NAME? where it did not find one.
Public Sub XladdinRebind(ByVal book As Workbook)
    Dim sheet As Worksheet, failed As Range, cell As Range, found As Boolean
    On Error Resume Next
    XladdinMendLinks book
    For Each sheet In book.Worksheets
        Set failed = Nothing
        Set failed = sheet.UsedRange.SpecialCells(xlCellTypeFormulas, xlErrors)
        If Not failed Is Nothing Then
            For Each cell In failed.Cells
                If cell.Value = CVErr(xlErrName) And InStr(1, cell.Formula, "LEV_", vbTextCompare) > 0 Then found = True
            Next cell
        End If
    Next sheet
    ' This looks every name up again, in protected sheets too.
    If found Then Application.CalculateFullRebuild
End Sub

Private Sub XladdinMendLinks(ByVal book As Workbook)
    Dim links As Variant, link As Variant, ours As String
    links = book.LinkSources(xlExcelLinks)
    If IsEmpty(links) Then Exit Sub
    ours = ThisWorkbook.FullName
    For Each link In links
        If XladdinIsOtherCopy(CStr(link), ours) Then book.ChangeLink CStr(link), ours, xlExcelLinks
    Next link
End Sub

Public Function XladdinIsOtherCopy(ByVal link As String, ByVal ours As String) As Boolean
    Dim file As String
    file = Mid$(link, InStrRev(Replace(link, "/", "\"), "\") + 1)
    XladdinIsOtherCopy = LCase$(file) = "xladdin.xlam" And LCase$(link) <> LCase$(ours)
End Function
