"""Sentences and verdicts."""

from __future__ import annotations

from typing import Any

from support.template_texts import formula


def test_a_sentence_joins_its_texts_and_figures(build: Any) -> None:
    income = 'TEXT(income,"#"&RIGHT(Checks!$C$9)&"##0"&LEFT(Checks!$C$9)&"00")'
    said = f'=IFERROR({income}&" "&currency&" in "&TEXT(days,"0")&" days.","Nothing.")'
    assert formula(build(), "said") == said


def test_a_sentence_without_an_otherwise_looks_at_the_verdict(build: Any) -> None:
    book = build((', otherwise = "Nothing."', ""))
    assert formula(book, "said").startswith('=IF(state="CHECK","No answer: see Checks.",IFERROR(TEXT(income,')


def test_a_verdict_is_the_first_case_that_holds_after_the_checks(build: Any) -> None:
    assert formula(build(), "state") == '=IF(checks_failed>0,"CHECK",IF(income>cost,"SAFE","DANGER"))'
