"""The extension file, `.oxt`: a zip of the interface, its help and the functions themselves, all from the catalogue."""

from __future__ import annotations

import zipfile
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import xladdin
from xladdin.core import catalog
from xladdin.core.calls import Argument
from xladdin.core.catalog import Function
from xladdin.core.errors import UserError
from xladdin.hosts.libreoffice.naming import SERVICE, method_name

IDENTIFIER = "xladdin"
FIRST_VERSION = (25, 2)  # the first LibreOffice known to find add-in functions in an .xlsx file

# What runs inside Calc beside the folder core/.
_INSIDE = ("__init__.py", "hosts/__init__.py", "hosts/libreoffice/__init__.py", "hosts/libreoffice/naming.py")


def build(path: Path) -> Path:
    """Write the extension file.

    Parameters
    ----------
    path : Path
        The file to write; its folder must exist.

    Returns
    -------
    Path
        The same file.

    Raises
    ------
    UserError
        When the file can't be written.
    """
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in sorted(contents().items()):
                # A fixed date and mode, so that the same catalogue makes the same bytes.
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, text)
    except OSError as error:
        raise UserError(f"The extension can't be written to {path}: {error.strerror}; give another file.") from None
    return path


def contents() -> dict[str, str]:
    """Every file of the extension by its name in it."""
    functions = list(catalog.functions().values())
    return {
        "META-INF/manifest.xml": _MANIFEST,
        "description.xml": _description(),
        "xladdin.idl": interface(functions),
        "CalcAddIns.xcu": configuration(functions),
        "component.py": files(__package__).joinpath("component.py").read_text("utf-8"),
    } | _package()


def interface(functions: list[Function]) -> str:
    """The interface in UNO's own language.

    An argument can only be left out, or be a range, when it is an `any`; a result that is an `any` can't be a range.
    """
    methods = [f"sequence< sequence<any> > {method_name(known)}({_parameters(known)});\n" for known in functions]
    return (
        "module org { module xladdin {\n"
        "interface XFunctions: com::sun::star::uno::XInterface {\n"
        f"{''.join(methods)}"
        "}; }; };\n"
    )


def configuration(functions: list[Function]) -> str:
    """What the function wizard shows, and the name that a function has in a file of Excel's."""
    nodes = "".join(map(_function_node, functions))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        f"{nodes}</node></node></node>\n</oor:component-data>\n"
    )


def _parameters(function: Function) -> str:
    return ", ".join(f"[in] any {_identifier(argument)}" for argument in function.arguments)


def _identifier(argument: Argument) -> str:
    return argument.name.replace("_", "")  # UNO's grammar has no such names


def _function_node(function: Function) -> str:
    parameters = "".join(map(_parameter_node, function.arguments, function.argument_help.values()))
    return (
        f'<node oor:name="{method_name(function)}" oor:op="replace">\n'
        f"{_property('DisplayName', function.name)}"
        f"{_property('Description', function.summary)}"
        f"{_property('Category', 'Add-In', language='')}"
        f"{_property('CompatibilityName', function.name, language='en-US')}"
        f'<node oor:name="Parameters">\n{parameters}</node>\n</node>\n'
    )


def _parameter_node(argument: Argument, text: str) -> str:
    return (
        f'<node oor:name="{_identifier(argument)}" oor:op="replace">'
        f"{_property('DisplayName', argument.name)}"
        f"{_property('Description', f'{text} ({catalog.describe(argument)}){_only_here(argument)}')}</node>\n"
    )


def _only_here(argument: Argument) -> str:
    """What Calc makes of some cells before the function sees them, where that changes the answer."""
    kind = argument.kind
    if kind.is_series or kind.read_table is not None:
        return ' An error in a cell of the range is Err:504 in Calc; IFERROR(range;"") makes it a blank.'
    if kind.is_text or kind.words is not None or argument.default == 0 or not kind.low <= 0 <= kind.high:
        return ""
    return " In Calc a blank cell counts as 0; written as a range of one cell (B4:B4) it is a blank."


def _property(name: str, text: str, language: str = "en") -> str:
    attribute = f" xml:lang={quoteattr(language)}" if language else ""
    return f'<prop oor:name="{name}"><value{attribute}>{escape(text)}</value></prop>\n'


def _package() -> dict[str, str]:
    source = files(xladdin)
    core = [
        f"{folder}/{entry.name}"
        for folder in ("core", "core/functions", "core/tier_data")
        for entry in source.joinpath(folder).iterdir()
        if entry.name.endswith((".py", ".json"))
    ]
    names = [*_INSIDE, *core]
    return {f"pythonpath/xladdin/{name}": source.joinpath(name).read_text("utf-8") for name in names}


def _description() -> str:
    version = ".".join(map(str, FIRST_VERSION))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006"'
        ' xmlns:l="http://libreoffice.org/extensions/description/2011">\n'
        f'<identifier value="{IDENTIFIER}"/>\n'
        f'<version value="{xladdin.__version__}"/>\n'
        '<display-name><name lang="en">xladdin</name></display-name>\n'
        "<dependencies>\n"
        f'<l:LibreOffice-minimal-version value="{version}" name="LibreOffice {version}"/>\n'
        "</dependencies>\n"
        "</description>\n"
    )


_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="xladdin.idl"
 manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
<manifest:file-entry manifest:full-path="component.py"
 manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
<manifest:file-entry manifest:full-path="CalcAddIns.xcu"
 manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""
