"""What doctor says of Python itself."""

from __future__ import annotations

import sys

from xladdin import __version__
from xladdin.hosts.python import HOST


def test_python_and_the_package_are_there_and_a_call_works() -> None:
    findings = {each.what: each for each in HOST.findings()}
    assert sys.executable in findings["Python"].found
    assert findings["xladdin"].found == __version__
    assert findings["a call in Python"].works
