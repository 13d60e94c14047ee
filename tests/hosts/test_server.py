"""The server that Excel on Mac and the web asks: over HTTP, and from its own script in a browser."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.browser import answered_in_chromium, answers_at, ended, environment, free_port, wait_for
from support.office import from_office
from support.vectors import LEFT_OUT, Vector, all_vectors, same

from xladdin import __version__, udfs
from xladdin.core.catalog import functions
from xladdin.core.errors import UserError
from xladdin.hosts import guard, server
from xladdin.hosts.token import token
from xladdin.templates import find

pytestmark = pytest.mark.hosts

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COLUMN = Vector("LEV_LIQPRICE", ([[float(50000 + row)] for row in range(10_000)], 10, 0.01))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A running `serve`, as the command line starts it."""
    number = free_port()
    code = f"from xladdin.hosts import server; server.serve({number})"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment(), stdout=subprocess.DEVNULL)
    wait_for(lambda: answers_at(number), process, "the server's start")
    yield number
    ended(process)


JSON = {"Content-Type": "application/json"}


def request(port: int, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str, Any]:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/{token()}{path}", data=body, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def call(port: int, vector: Vector) -> Any:
    body = json.dumps({"func_name": vector.function, "args": matrices(vector)}).encode()
    status, text, _ = request(port, "/xlwings/custom-functions-call", body, **JSON)
    assert status == 200, text
    return json.loads(text)["result"]


def matrices(vector: Vector) -> list[Any]:
    """The arguments as Excel gives them: every one that is given is rows."""
    return [
        None if argument is LEFT_OUT else argument if isinstance(argument, list) else [[argument]]
        for argument in vector.arguments
    ]


def rows_of(expected: Any) -> Any:
    return expected if isinstance(expected, list) else [[expected]]


def test_every_vector_over_http(port: int) -> None:
    wrong = [str(vector) for vector in all_vectors() if not same(call(port, vector), rows_of(vector.expected))]
    assert not wrong, "\n".join(wrong[:20])


def test_it_says_what_it_is(port: int) -> None:
    ((shown,),) = call(port, Vector("LEV_VERSION", ()))
    assert shown.startswith(f"xladdin {__version__}, xlwings Server, Python 3.")


def test_a_column_of_ten_thousand_rows(port: int) -> None:
    assert same(call(port, COLUMN), COLUMN.expected)


def test_excel_gets_every_function_with_its_arguments(port: int) -> None:
    _, text, _ = request(port, "/xlwings/custom-functions-meta.json")
    listed = {entry["name"]: entry for entry in json.loads(text)["functions"]}
    assert set(listed) == set(functions())
    for known in functions().values():
        entry = listed[known.name]
        assert entry["description"] == known.summary
        for given, argument in zip(entry["parameters"], known.arguments, strict=True):
            assert given["name"].rstrip("_") == argument.name
            assert given["description"] == known.argument_help[argument.name][:255]
            assert given.get("optional", False) is not argument.required
    _, manifest, _ = request(port, "/manifest.xml")
    assert f'DefaultValue="{server.NAMESPACE}"' in manifest
    assert f"http://127.0.0.1:{port}/{token()}/xlwings/custom-functions-code.js" in manifest


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"nonsense", 400, "not JSON"),
        (b"[]", 400, "func_name"),
        (b'{"func_name": "LEV_SIZE"}', 400, "args"),
        (b'{"func_name": "LEV_SIZE", "args": {"0": 1}}', 400, "args"),
        (b'{"func_name": "LEV_SIZE", "args": [[[1]]]}', 400, "takes 2 to 2 arguments, not 1"),
        (b'{"func_name": "udf", "args": [1]}', 404, "no function of xladdin"),
        (b'{"func_name": "__class__", "args": []}', 404, "no function of xladdin"),
        (b" " * (guard.LARGEST_REQUEST + 1), 413, "32 MiB"),
    ],
)
def test_what_is_no_call_is_refused_in_a_sentence(port: int, body: bytes, status: int, sentence: str) -> None:
    given, text, _ = request(port, "/xlwings/custom-functions-call", body, **JSON)
    assert given == status
    assert sentence in text
    assert "Traceback" not in text
    assert call(port, Vector("LEV_SIZE", (1000, 5))) == [[5000]]  # it still answers


@pytest.mark.parametrize("odd", [[[[1]]], [[1], 2], [[]], [[1], [2, 3]], [], [[{}]], {"basicValue": [1]}, 10**30])
def test_an_argument_of_no_shape_is_a_value_error_and_no_failure(port: int, odd: Any) -> None:
    body = json.dumps({"func_name": "LEV_RATIO", "args": [odd, -1]}).encode()
    status, text, _ = request(port, "/xlwings/custom-functions-call", body, **JSON)
    assert (status, {cell for row in json.loads(text)["result"] for cell in row}) in [
        (200, {"#VALUE!"}),
        (200, {"#NUM!"}),
    ]


def test_only_this_machine_and_excels_own_pages(port: int) -> None:
    _, _, headers = request(port, "/manifest.xml", Origin="https://excel.officeapps.live.com")
    assert headers["Access-Control-Allow-Origin"] == "https://excel.officeapps.live.com"
    for origin in ("https://example.org", "https://officeapps.live.com.example.org", "null"):
        _, _, headers = request(port, "/manifest.xml", Origin=origin)
        assert headers["Access-Control-Allow-Origin"] is None
    status, _, _ = request(port, "/manifest.xml", Host="example.org")
    assert status == 400
    assert server.ADDRESS == "127.0.0.1"


def test_reasons_not_to_start_are_sentences(port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XLWINGS_LICENSE_KEY", raising=False)
    with pytest.raises(UserError, match="noncommercial"):
        server.serve(free_port())
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "noncommercial")
    with pytest.raises(UserError, match="both or neither"):
        server.serve(free_port(), certificate=tmp_path / "certificate.pem")
    with pytest.raises(UserError, match="is not a file"):
        server.serve(free_port(), tmp_path / "certificate.pem", tmp_path / "key.pem")
    code = (
        "from xladdin.core.errors import UserError\nfrom xladdin.hosts import server\n"
        f"try:\n    server.serve({port})\nexcept UserError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=60)
    assert f"Port {port} can't be used" in done.stdout


def test_https_when_there_is_a_certificate(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not there to make a certificate")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "1"]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    number = free_port()
    code = (
        "from pathlib import Path\nfrom xladdin.hosts import server\n"
        f"server.serve({number}, Path({str(certificate)!r}), Path({str(key)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env=environment(), stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers_at(number), process, "the server's start")
        import ssl

        context = ssl.create_default_context(cafile=str(certificate))
        # By the number: a bare machine has nothing that knows the name.
        with urllib.request.urlopen(
            f"https://127.0.0.1:{number}/{token()}/manifest.xml", context=context, timeout=30
        ) as answer:
            assert f"https://127.0.0.1:{number}/{token()}/taskpane.html" in answer.read().decode()
    finally:
        ended(process)


def test_a_workbook_for_this_host_calls_its_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=1+LEV_SIZE(LEV_RATIO(1,2),5)"
    book.active["A2"] = "LEV_SIZE(1,2) is only spoken of"
    book.save(tmp_path / "plain.xlsx")
    server.with_prefix(tmp_path / "plain.xlsx", tmp_path / "made.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "made.xlsx").active
    assert sheet is not None
    assert sheet["A1"].value == "=1+_xldudf_XLADDIN_LEV_SIZE(_xldudf_XLADDIN_LEV_RATIO(1,2),5)"
    assert sheet["A2"].value == "LEV_SIZE(1,2) is only spoken of"
    with zipfile.ZipFile(tmp_path / "made.xlsx") as archive:
        assert archive.testzip() is None


def test_the_formulas_of_table_columns_call_them_too(tmp_path: Path) -> None:
    server.with_prefix(find("positions"), tmp_path / "made.xlsx")
    with zipfile.ZipFile(tmp_path / "made.xlsx") as archive:
        text = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/tables/"))
    assert b"_xldudf_XLADDIN_LEV_" in text
    assert re.search(rb"(?<!_)LEV_\w+\(", text) is None


def test_every_vector_from_the_servers_script_in_a_browser(tmp_path: Path) -> None:
    """As a user's Excel calls: through Microsoft's runtime and the generated script, a long column among the calls."""
    vectors = [*all_vectors(), COLUMN]
    given = answered_in_chromium(vectors, tmp_path)
    assert sorted(given["names"]) == sorted(udfs.FUNCTIONS)
    wrong = [
        f"{vector}: {answer!r}"[:300]
        for vector, answer in zip(vectors, map(from_office, given["answers"]), strict=True)
        if not same(answer, rows_of(vector.expected))
    ]
    assert not wrong, "\n".join(wrong[:20])


def raw(port: int, head: str, body: bytes = b"") -> bytes:
    """What is answered to bytes on a connection of their own."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n" + body)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "https://localhost@x"]
)
def test_a_page_of_another_site_can_not_have_anything_computed(port: int, origin: str) -> None:
    body = json.dumps({"func_name": "LEV_SIZE", "args": [1, 2]}).encode()
    status, text, _ = request(port, "/xlwings/custom-functions-call", body, Origin=origin, **JSON)
    assert (status, "may not ask" in text) == (403, True)
    for own in (f"http://localhost:{port}", "https://excel.officeapps.live.com"):
        assert request(port, "/xlwings/custom-functions-call", body, Origin=own, **JSON)[0] == 200


def test_a_call_that_a_form_could_send_is_refused(port: int) -> None:
    body = json.dumps({"func_name": "LEV_SIZE", "args": [1, 2]}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        assert request(port, "/xlwings/custom-functions-call", body, **{"Content-Type": kind})[0] == 415
    assert request(port, "/xlwings/custom-scripts-call/x", body, **JSON)[0] == 404


def test_a_call_that_would_fill_the_memory_is_refused(port: int) -> None:
    column, row = [[1.0]] * 6000, [[1.0] * 6000]
    body = json.dumps({"func_name": "LEV_RATIO", "args": [column, row]}).encode()
    status, text, _ = request(port, "/xlwings/custom-functions-call", body, **JSON)
    assert (status, "6,000 x 6,000 cells" in text) == (413, True)
    tiers = [[float(row), 0.01] for row in range(30_000)]
    body = json.dumps({"func_name": "LEV_MMR", "args": [[[50_000.0]] * 3000, tiers]}).encode()
    status, text, _ = request(port, "/xlwings/custom-functions-call", body, **JSON)
    assert (status, "would each look at" in text) == (413, True)
    body = b'{"func_name": "LEV_SIZE", "args": [[' + b"[1]," * 3_000_000 + b"[1]], 2]}"
    assert request(port, "/xlwings/custom-functions-call", body, **JSON)[0] == 413


def test_a_value_in_values_is_an_error_and_no_failure(port: int) -> None:
    deep: object = 1
    for _ in range(300):
        deep = {"basicValue": deep}
    body = json.dumps({"func_name": "LEV_SIZE", "args": [[[deep]], 2]}).encode()
    status, text, _ = request(port, "/xlwings/custom-functions-call", body, **JSON)
    assert (status, json.loads(text)["result"]) == (200, [["#VALUE!"]])


def test_without_the_token_there_is_nothing(port: int) -> None:
    body = json.dumps({"func_name": "LEV_SIZE", "args": [1, 2]}).encode()
    paths = [
        "/",
        "/manifest.xml",
        "/xlwings/custom-functions-call",
        "/" + "A" * 32 + "/manifest.xml",
        f"/{token()}x/",
        "/%ff",
    ]
    for path in paths:
        for given in (None, body):
            asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=given, headers=JSON)
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(asked, timeout=60)
            assert (refused.value.code, "token" in refused.value.read().decode()) == (404, True), path


def test_who_sends_slowly_is_cut_off_and_others_are_answered(port: int) -> None:
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _ in range(30)]
        begun = f"POST /{token()}/xlwings/custom-functions-call HTTP/1.1\r\nHost: localhost\r\n"
        for connection in slow:
            connection.sendall(begun.encode())
        assert call(port, Vector("LEV_SIZE", (1000, 5))) == [[5000]]
        start = time.monotonic()
        assert all(connection.recv(100) == b"" for connection in slow)
        assert time.monotonic() - start < 4 * guard.LONGEST_WAIT


def test_a_body_that_does_not_come_is_told_so(port: int) -> None:
    head = f"POST /{token()}/xlwings/custom-functions-call HTTP/1.1\nHost: localhost:{port}\n"
    head += "Content-Type: application/json\n"
    answer = raw(port, f"{head}Content-Length: 100\n", b'{"func')
    assert answer.startswith(b"HTTP/1.1 408")


def test_nothing_is_said_of_https_for_a_year_and_private_networks_are_allowed_to_excel(port: int) -> None:
    _, _, headers = request(port, "/manifest.xml")
    assert headers["Strict-Transport-Security"] is None
    asked = f"OPTIONS /{token()}/xlwings/custom-functions-call HTTP/1.1\nHost: localhost\nConnection: close\n"
    asked += "Origin: https://excel.officeapps.live.com\nAccess-Control-Request-Method: POST\n"
    answer = raw(port, f"{asked}Access-Control-Request-Private-Network: true\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"access-control-allow-private-network: true" in answer


def test_a_long_call_does_not_keep_others_waiting(port: int) -> None:
    long = json.dumps(
        {"func_name": "LEV_PAYBACK", "args": [[[1000.0 + row] for row in range(200_000)], 10, 5]}
    ).encode()
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        answer = beside.submit(request, port, "/xlwings/custom-functions-call", long, **JSON)
        while not answer.done():
            start = time.monotonic()
            assert call(port, Vector("LEV_SIZE", (1000, 5))) == [[5000]]
            assert time.monotonic() - start < 5
        assert answer.result()[0] in (200, 400)


def test_told_to_end_it_leaves_nothing_behind(tmp_path: Path) -> None:
    number = free_port()
    code = f"from xladdin.hosts import server; server.serve({number})"
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment() | {"TMPDIR": str(tmp_path)}, stdout=subprocess.DEVNULL
    )
    wait_for(lambda: answers_at(number), process, "the server's start")
    ended(process)
    assert list(tmp_path.iterdir()) == []
