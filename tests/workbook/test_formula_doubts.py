"""What a slip in a formula is met with: one sentence of help, and no number that looks right in silence."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from support.cells import CATALOGUE

from xladdin.cli import main
from xladdin.workbook.formula_doubts import doubts
from xladdin.workbook.one_formula import evaluate


def said(formula: str) -> tuple[str, str]:
    result = CliRunner().invoke(main, ["eval", formula])
    return result.stdout.strip(), result.stderr


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("=LEV_LIQPRIC(50000,10,1%)", "there is no function LEV_LIQPRIC; did you mean LEV_LIQPRICE"),
        ("=LIQPRICE(50000,10,1%)", "there is no function LIQPRICE; did you mean LEV_LIQPRICE"),
        ("=liquidation_price(50000,10,1%)", "there is no function liquidation_price; did you mean LEV_LIQPRICE"),
        ("=SQRTT(4)", "there is no function SQRTT; did you mean SQRT"),
        ("=LEV_LIQPRICE(50000,10x,1%)", "10x is no number; write 10"),
        ("=LEV_SIZE(50k,5)", "50k is no number; write 50000"),
        ("=LEV_SIZE($1000,5)", "$1000 is no number; write 1000"),
        ("=LEV_LIQPRICE(50000,10,1%,long)", 'long is no name; a word stands in quotation marks: "long"'),
        ("=LEV_LIQPRICE(50000,10,1%,\u201clong\u201d)", 'a word stands in quotation marks: "long"'),
        ("=LEV_SIZE(50_000,5)", "50_000 is no number; write 50000"),
        ("=LEV_HASHPRICE(110T,3,65000)", "110T is no number; write 110000000000000"),
        ("=LEV_LIQPRICE(entry=50000, leverage=10, mmr=1%)", "arguments have no names in a formula; LEV_LIQPRICE takes"),
        ("=LIQUIDATIONPRICE(50000,10,1%)", "there is no function LIQUIDATIONPRICE; did you mean LEV_LIQPRICE"),
        ("=WENN(1>2,3,4)", "there is no function WENN; functions have their English names"),
        ("=LEV_PNL(50000,52500,0.2,10)", "side is 10; allowed is"),
        ("=LEV_PAYBACK(3200,7.36,4.62,3%)", "LEV_PAYBACK gives #NUM!: it is never paid"),
        ("=LEV_SIZE(A1,5)", "There is no cell A1"),
        ("=SUM(Sheet1!A1)", "there is no cell Sheet1!A1"),
        ("=LEV_LIQPRICE(50000,10)", "LEV_LIQPRICE needs entry, leverage, mmr; mmr is missing"),
        ("=LEV_SIZE(1000,5,2)", "LEV_SIZE takes margin, leverage and no more; it is given 3"),
        ('=LEV_LIQPRICE(50000,10,1%,"lng")', 'side is \'lng\'; allowed is "long" or "short"; did you mean long'),
        ('=LEV_LIQPRICE(50000,10,1%,"long","bibyt")', "did you mean bybit"),
        ('=LEV_LIQPRICE(50000,10,1%,"bybit")', "'bybit' is a word of method"),
        ('=LEV_LIQPRICE(50000,"10x",1%)', "leverage is the text '10x'; allowed is a number > 0; write 10"),
        ('=LEV_LIQPRICE(50000,10,"0,5%")', "write 0.5%, without quotation marks"),
        ("=LEV_LIQPRICE(50000,10,80)", "mmr is 80; allowed is >= 0 and < 1; 80% is written 80% or 0.8"),
        ("=LEV_LIQPRICE(50000;10;0,5%)", "did you mean =LEV_LIQPRICE(50000,10,0.5%)"),
        ("=SUM(1", "a bracket is opened and not closed"),
    ],
)
def test_an_error_has_a_sentence_of_help(formula: str, sentence: str) -> None:
    shown, message = said(formula)
    assert shown == "" or shown.startswith("#")
    assert sentence in message


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("=LEV_APY(80,365)", "rate is 80, which is 8,000%; 80% is written 80% or 0.8"),
        ('=LEV_PNL(50000,55000,1,"long",0,5%)', "0,5% is two arguments, 0 and 5%; one number is 0.5%"),
        ('=LEV_PNL(50000,52500,0.2,"long",0.1)', "open_fee is 0.1, which is 10%; 0.1% is written 0.1% or 0.001"),
        ("=LEV_POSITIONSIZE(5000,1,61240,59800)", "risk is 1, which is 100%; 1% is written 1% or 0.01"),
        ("=LEV_LIQPROB(50000,45000,0.6,30)", "years is 30; 30 days are written 30/365"),
        ("=LEV_FUNDING(25000,0.01,90)", "rate is 0.01, which is 1%; 0.01% is written 0.01% or 0.0001"),
        ("=LEV_TOPUP({0.4%,1})", "in an array in braces: 0.4% is written 0.004 there"),
        ("=LEV_SIZE(50.000,5)", "50.000 is 50; thousands are written 50000"),
        ("=LEV_PNL(50,000,1)", "50,000 is two arguments, 50 and 000; one number is 50000"),
        ("=LEV_PNL(50000, 60,500, 1)", "60,500 is two arguments, 60 and 500; one number is 60500"),
    ],
)
def test_a_number_that_may_not_be_meant_is_not_given_in_silence(formula: str, sentence: str) -> None:
    shown, message = said(formula)
    assert shown
    assert sentence in message


@pytest.mark.parametrize(
    "formula",
    [
        "=LEV_LIQPRICE(50000,10,1%)",
        '=LEV_PNL(50000,55000,1,"long",0,0)',
        '=LEV_PNL(50000, 55000, 1, "long", 0.05%, 0.05%)',
        "=LEV_SIZE({50000,60000}, 5)",
        "=LEV_APY(200%,365)",
        "=LEV_APY(1.5, 365)",
        "=LEV_LIQPROB(50000,45000,0.6,30/365)",
        '=LEV_PNL(50000,52500,0.2,"long",0.00055,0.00055)',
        "=LEV_PAYBACK(4000,12.5,5.04,0.5%,0,1)",
        '="a, b"&1',
        "=LEV_FUNDING(25000,0.01%,90)",
        '=COUNTA({1,"5%/2",#N/A})',
    ],
)
def test_of_what_is_meant_nothing_is_said(formula: str) -> None:
    assert said(formula)[1] == ""


def test_of_what_is_documented_nothing_is_said() -> None:
    for known in CATALOGUE.values():
        for formula, _ in known.examples:
            assert list(doubts(formula, evaluate(formula))) == [], formula


def test_a_program_reads_the_sentence_too() -> None:
    result = CliRunner().invoke(main, ["eval", "--json", "=LEV_LIQPRIC(1)"])
    assert json.loads(result.stdout) == [
        {"value": "#NAME?", "why": "there is no function LEV_LIQPRIC; did you mean LEV_LIQPRICE"}
    ]


def test_a_formula_that_is_none_does_not_keep_the_others_back() -> None:
    result = CliRunner().invoke(main, ["eval", "=1+", "=LEV_SIZE(1000,5)"])
    assert (result.stdout, result.exit_code) == ("5000\n", 2)
    assert "it ends too early" in result.stderr
