/*
 * Plays the add-in's VBA: loads xlwings' DLL, has it start Python with xlwings' COM server, and calls functions through
 * that server's CallUDF, with arguments as Range.Value2 gives them.
 *
 *   client.exe DLL COMMAND CALLS ANSWERS
 *
 * COMMAND is a file with the command that starts Python. CALLS has a call a line, ANSWERS gets an answer a line. A call is
 * the function's name and its arguments, with tabs between. The line "die" ends Python behind the client's back.
 *
 * A value is n:1.5 (number), s:text (percent-encoded), b:1 (TRUE), z (blank), m (left out), e:2042 (error), c:1.25
 * (currency), d:45000.5 (date), i:5 (whole number), or A:rows:columns:value|value|... An answer that is a failure starts with !.
 */
#define COBJMACROS
#include <windows.h>
#include <oleauto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 8 << 20, MOST_ARGUMENTS = 64, ERRORS_OF_EXCEL = 0x800A0000 };

typedef long(WINAPI *Activate)(VARIANT *result, const char *command, long mode);

static BSTR text_of(const char *utf8)
{
    int length = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
    BSTR text = SysAllocStringLen(NULL, length - 1);
    MultiByteToWideChar(CP_UTF8, 0, utf8, -1, text, length);
    return text;
}

static void decode_percent(char *text)
{
    char *out = text;
    for (char *in = text; *in; out++) {
        unsigned value;
        if (*in == '%' && sscanf(in + 1, "%2x", &value) == 1) {
            *out = (char)value;
            in += 3;
        } else {
            *out = *in++;
        }
    }
    *out = 0;
}

static VARIANT cell_of(char *written)
{
    VARIANT cell;
    char *body = written + 2;
    VariantInit(&cell);
    switch (written[0]) {
    case 'n':
        V_VT(&cell) = VT_R8;
        V_R8(&cell) = strtod(body, NULL);
        break;
    case 'i':
        V_VT(&cell) = VT_I4;
        V_I4(&cell) = atol(body);
        break;
    case 'c':
        V_VT(&cell) = VT_CY;
        VarCyFromR8(strtod(body, NULL), &V_CY(&cell));
        break;
    case 'd':
        V_VT(&cell) = VT_DATE;
        V_DATE(&cell) = strtod(body, NULL);
        break;
    case 'b':
        V_VT(&cell) = VT_BOOL;
        V_BOOL(&cell) = body[0] == '1' ? VARIANT_TRUE : VARIANT_FALSE;
        break;
    case 's':
        decode_percent(body);
        V_VT(&cell) = VT_BSTR;
        V_BSTR(&cell) = text_of(body);
        break;
    case 'm':
        V_VT(&cell) = VT_ERROR;
        V_ERROR(&cell) = DISP_E_PARAMNOTFOUND;
        break;
    case 'e':
        V_VT(&cell) = VT_ERROR;
        V_ERROR(&cell) = (SCODE)(ERRORS_OF_EXCEL | atoi(body));
        break;
    }
    return cell;
}

/* A range is an array of two dimensions that count from 1. */
static VARIANT argument_of(char *written)
{
    VARIANT range;
    long rows, columns;
    if (written[0] != 'A')
        return cell_of(written);
    sscanf(written, "A:%ld:%ld:", &rows, &columns);
    SAFEARRAYBOUND bounds[2] = {{rows, 1}, {columns, 1}};
    SAFEARRAY *cells = SafeArrayCreate(VT_VARIANT, 2, bounds);
    char *next = written;
    for (int colon = 0; colon < 3; colon++)
        next = strchr(next, ':') + 1;
    for (long row = 1; row <= rows; row++)
        for (long column = 1; column <= columns; column++) {
            char *bar = strchr(next, '|');
            if (bar)
                *bar = 0;
            VARIANT cell = cell_of(next);
            SafeArrayPutElement(cells, (long[]){row, column}, &cell);
            VariantClear(&cell);
            next = bar ? bar + 1 : next + strlen(next);
        }
    VariantInit(&range);
    V_VT(&range) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(&range) = cells;
    return range;
}

static void write_text(FILE *out, BSTR text)
{
    int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *utf8 = malloc(length);
    WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, length, NULL, NULL);
    for (char *character = utf8; *character; character++)
        fputc(*character == '\n' || *character == '\r' || *character == '|' ? ' ' : *character, out);
    free(utf8);
}

static void write_value(FILE *out, VARIANT *value)
{
    switch (V_VT(value)) {
    case VT_R8:
        fprintf(out, "n:%.17g", V_R8(value));
        return;
    case VT_I4:
        fprintf(out, "i:%ld", (long)V_I4(value));
        return;
    case VT_BOOL:
        fprintf(out, "b:%d", V_BOOL(value) ? 1 : 0);
        return;
    case VT_EMPTY:
        fputs("z", out);
        return;
    case VT_ERROR:
        fprintf(out, "e:%ld", (long)(V_ERROR(value) & 0xFFFF));
        return;
    case VT_BSTR:
        fputs("s:", out);
        write_text(out, V_BSTR(value));
        return;
    case VT_ARRAY | VT_VARIANT:
        break;
    default:
        fprintf(out, "?:%d", V_VT(value));
        return;
    }
    SAFEARRAY *cells = V_ARRAY(value);
    UINT dimensions = SafeArrayGetDim(cells);
    long first[2] = {0, 0}, last[2] = {0, 0};
    for (UINT each = 0; each < dimensions && each < 2; each++) {
        SafeArrayGetLBound(cells, each + 1, &first[each]);
        SafeArrayGetUBound(cells, each + 1, &last[each]);
    }
    if (dimensions == 1) /* the VBA takes a single dimension for a row */
        fprintf(out, "A:1:%ld:", last[0] - first[0] + 1);
    else
        fprintf(out, "A:%ld:%ld:", last[0] - first[0] + 1, last[1] - first[1] + 1);
    const char *between = "";
    for (long row = first[0]; row <= last[0]; row++)
        for (long column = first[1]; column <= last[1]; column++) {
            VARIANT cell;
            VariantInit(&cell);
            SafeArrayGetElement(cells, (long[]){row, column}, &cell);
            fputs(between, out);
            write_value(out, &cell);
            VariantClear(&cell);
            between = "|";
        }
}

static void call(IDispatch *python, DISPID call_udf, BSTR module, char *line, FILE *out)
{
    char *words[MOST_ARGUMENTS];
    int count = 0;
    for (char *word = line; word && count < MOST_ARGUMENTS; count++) {
        words[count] = word;
        word = strchr(word, '\t');
        if (word)
            *word++ = 0;
    }
    SAFEARRAYBOUND bound = {count - 1, 0};
    SAFEARRAY *arguments = SafeArrayCreate(VT_VARIANT, 1, &bound);
    for (long index = 0; index < count - 1; index++) {
        VARIANT argument = argument_of(words[index + 1]);
        SafeArrayPutElement(arguments, &index, &argument);
        VariantClear(&argument);
    }
    BSTR name = text_of(words[0]);
    VARIANT given[3]; /* in reverse order */
    for (int each = 0; each < 3; each++)
        VariantInit(&given[each]);
    V_VT(&given[0]) = VT_BYREF | VT_ARRAY | VT_VARIANT;
    V_ARRAYREF(&given[0]) = &arguments;
    V_VT(&given[1]) = VT_BYREF | VT_BSTR;
    V_BSTRREF(&given[1]) = &name;
    V_VT(&given[2]) = VT_BSTR;
    V_BSTR(&given[2]) = module;
    DISPPARAMS parameters = {given, NULL, 3, 0};
    VARIANT result;
    EXCEPINFO failure = {0};
    VariantInit(&result);
    HRESULT code = IDispatch_Invoke(
        python, call_udf, &IID_NULL, 0, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &parameters, &result, &failure, NULL);
    if (FAILED(code)) {
        fprintf(out, "!%lx ", (unsigned long)code);
        if (failure.bstrDescription)
            write_text(out, failure.bstrDescription);
    } else {
        write_value(out, &result);
    }
    fputc('\n', out);
    VariantClear(&result);
    SafeArrayDestroy(arguments);
    SysFreeString(name);
}

static int stop(const char *what, unsigned long code)
{
    fprintf(stderr, "%s (%lx)\n", what, code);
    return 1;
}

int main(int count, char **words)
{
    static char command[16384], line[LINE];
    if (count != 5)
        return stop("client.exe DLL COMMAND CALLS ANSWERS", count);
    CoInitialize(NULL);
    FILE *file = fopen(words[2], "rb"), *calls = fopen(words[3], "rb"), *answers = fopen(words[4], "wb");
    if (!file || !calls || !answers)
        return stop("a file can't be opened", GetLastError());
    command[fread(command, 1, sizeof command - 1, file)] = 0;
    HMODULE library = LoadLibraryA(words[1]);
    if (!library)
        return stop("the DLL does not load", GetLastError());
    Activate activate = (Activate)(void *)GetProcAddress(library, "XLPyDLLActivateAuto");
    if (!activate)
        return stop("the DLL has no XLPyDLLActivateAuto", GetLastError());
    VARIANT python;
    VariantInit(&python);
    long failed = activate(&python, command, 1);
    if (failed)
        return stop("the DLL does not start Python", failed);
    LPOLESTR method = L"CallUDF";
    DISPID call_udf;
    HRESULT code = IDispatch_GetIDsOfNames(V_DISPATCH(&python), &IID_NULL, &method, 1, 0, &call_udf);
    if (FAILED(code))
        return stop("Python has no CallUDF", code);
    BSTR module = SysAllocString(L"xladdin.udfs");
    while (fgets(line, sizeof line, calls)) {
        line[strcspn(line, "\r\n")] = 0;
        if (!strcmp(line, "die")) {
            system("taskkill /f /im python.exe >nul");
            fputs("dead\n", answers);
        } else {
            call(V_DISPATCH(&python), call_udf, module, line, answers);
        }
    }
    fclose(answers);
    VARIANT nothing;
    VariantInit(&nothing);
    activate(&nothing, command, -1); /* ends Python */
    return 0;
}
