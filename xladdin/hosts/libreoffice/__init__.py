"""LibreOffice Calc: the extension that puts the functions into it, and its installation."""

from xladdin.hosts.libreoffice.extension import build
from xladdin.hosts.libreoffice.installation import install

__all__ = ["build", "install"]
