"""Personal identity numbers are found, other numbers are not. All numbers here are made up by their checksums."""

from __future__ import annotations

import pytest

from mailsvc.message.identity_numbers import Country, find, mask


def luhn(nine: str) -> str:
    total = 0
    for place, char in enumerate(nine):
        value = int(char) * (2 - place % 2)
        total += value // 10 + value % 10
    return nine + str(-total % 10)


def norwegian(nine: str) -> str:
    digits = [int(char) for char in nine]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
        digits.append(-sum(a * b for a, b in zip(weights, digits, strict=True)) % 11)
    return "".join(str(digit) for digit in digits)


def finnish(day: str, sign: str, number: str) -> str:
    return day + sign + number + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(day + number) % 31]


SE = luhn("850709980")
SE_COORDINATION = luhn("850769980")
SE_YOUNG = luhn("070123456")
NO = norwegian("010185120")
NO_D = norwegian("410185121")
FI = finnish("131052", "-", "308")

FOUND = [
    (f"{SE[:6]}-{SE[6:]}", Country.SE),
    (f"{SE[:6]}–{SE[6:]}", Country.SE),
    (f"{SE[:6]}+{SE[6:]}", Country.SE),
    (f"{SE[:6]} {SE[6:]}", Country.SE),
    (SE, Country.SE),
    (f"19{SE[:6]}-{SE[6:]}", Country.SE),
    (f"19{SE}", Country.SE),
    (f"{SE_COORDINATION[:6]}-{SE_COORDINATION[6:]}", Country.SE),
    (f"{SE_YOUNG[:6]}-{SE_YOUNG[6:]}", Country.SE),
    (f"20{SE_YOUNG}", Country.SE),
    (NO, Country.NO),
    (f"{NO[:6]} {NO[6:]}", Country.NO),
    (f"{NO[:6]}-{NO[6:]}", Country.NO),
    (NO_D, Country.NO),
    (FI, Country.FI),
    (finnish("010100", "A", "123"), Country.FI),
    (finnish("010100", "+", "123"), Country.FI),
    (finnish("010190", "Y", "123"), Country.FI),
    ("010185-1234", Country.DK),
    ("290200-4321", Country.DK),
    ("311299-9999", Country.DK),
]


@pytest.mark.parametrize(("number", "country"), FOUND)
@pytest.mark.parametrize("frame", ["{}", "Hej, {}.", "({})", "Nr: {}, tack", "a\n{}\nb", "personnummer {}", "PNR:{}"])
def test_numbers_are_found_and_masked(number: str, country: Country, frame: str) -> None:
    text = frame.format(number)
    (one,) = find(text)
    assert text[one.start : one.end] == number
    assert one.country is country
    masked = mask(text)
    assert number not in masked
    assert not any(char.isdigit() for char in masked)
    assert len(masked) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        f"personnummer: {SE_YOUNG}",
        "CPR 0101851234",
        "cpr-nr. 010185 1234",
        "cpr-nummer er 010185 1234",
        f"Pnr {SE_YOUNG}",
    ],
)
def test_doubtful_forms_count_beside_a_word(text: str) -> None:
    assert len(find(text)) == 1


def wrong(digits: str) -> str:
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


NOT_FOUND = [
    "",
    "0701234567",
    SE_YOUNG,
    f"Ring {SE_YOUNG}",
    "070-123 45 67",
    "+46 70 123 45 67",
    f"+46{SE}",
    "08-123 456 78",
    "+47 22 12 34 56",
    "+45 12 34 56 78",
    "tlf. 22123456",
    f"tel {SE}",
    f"mobil: {SE[:6]} {SE[6:]}",
    wrong(SE),
    f"19{wrong(SE)}",
    wrong(NO),
    norwegian("010185120")[:-2] + "00",
    "131052-308A",
    "556703-7485",
    "212000-1355",
    "802002-1236",
    "ISBN 978-91-44-01234-5",
    "ISBN 9144012345",
    f"ISBN {SE}",
    "ISBN 91-44-01234-5",
    "2026-12-03",
    "2026-12-03 13:00-14:30",
    "20261203",
    "20261203-1330",
    "3/12 13-14.30",
    "031226",
    "1234.56.78903",
    "dnr 2026/1234",
    "Dnr 240312-1001",
    "Order 010185-1234",
    "Fakturanr: 010185-1234",
    "320185-1234",
    "011385-1234",
    "290201-4321",
    "0101851234",
    "010185 1234",
    f"https://example.org/{SE[:6]}-{SE[6:]}",
    f"{SE[:6]}-{SE[6:]}-1",
    f"x{SE}",
    f"{SE}9",
    f"1{SE[:6]}-{SE[6:]}",
    f"id={SE}",
    "192.0.2.101",
    "4111 1111 1111 1111",
    "SE45 5000 0000 0583 9825 7466",
    "1,010185-1234",
]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find(text) == ()
    assert mask(text) == text


def test_few_of_all_ten_digit_numbers_are_taken_for_one() -> None:
    numbers = [str(1_000_000_007 + step * 7_919_017) for step in range(1100)]
    assert sum(bool(find(number)) for number in numbers) < 11


def test_several_in_one_text() -> None:
    text = f"Anna {SE[:6]}-{SE[6:]}, Kari {NO} og Aino {FI}; Bo 010185-1234."
    assert [one.country for one in find(text)] == [Country.SE, Country.NO, Country.FI, Country.DK]
    assert mask(text) == "Anna ******-****, Kari *********** og Aino ******-****; Bo ******-****."
