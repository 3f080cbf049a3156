"""Ways to damage a file."""

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

_NUMBERS = (
    *(b"0", b"-1", b"1", b"2", b"3", b"255", b"65536", b"10000", b"999999", b"2147483648"),
    *(b"99999999999999", b"nan", b"inf", b"-inf", b"1e999", b"1e-300", b"0.0", b"0x10", b""),
    *(b"1e5", b"4.5", b"-250", b"5001", b"49", b"\xb5", b"\xff\xfe", b"9" * 400),
)
_WORDS = (
    *(b"V", b"mV", b"uV", "µV".encode("latin-1"), b"mmHg", b"ECG", b"II", b"~", b"/", b"\0"),
    *(b"../made", b"EDF+D", b"EDF Annotations", b"\r\n", b"\n\n", b";", b",", b"#", b'"', b"\t"),
)
_HEAD = 3000
_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d+)?")


def damage(files: list[Path], chance: random.Random) -> str:
    """Damage one of the files and say how."""
    file = chance.choice([files[0], *files])
    told = []
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        way = chance.choice(_WAYS)
        content = file.read_bytes()
        file.write_bytes(way(content, chance)[: 1 << 24])
        told.append(way.__name__.strip("_"))
    if chance.random() < _SPARSE:
        os.truncate(file, chance.choice((1 << 26, 1 << 30, 3 << 30)))
        told.append("huge")
    return f"{file.name}: {', '.join(told)}"


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 4, 30))):
        if changed:
            changed[_place(changed, chance)] = chance.randrange(256)
    return bytes(changed)


def _number(content: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(content, 0, _HEAD))
    if not found:
        return content
    match, text = chance.choice(found), chance.choice(_NUMBERS)
    if chance.random() < _KEEPS_LENGTH:
        text = text[: len(match[0])].ljust(len(match[0]))
    return content[: match.start()] + text + content[match.end() :]


def _word(content: bytes, chance: random.Random) -> bytes:
    place, word = _place(content, chance), chance.choice(_WORDS)
    over = len(word) if chance.random() < _KEEPS_LENGTH else 0
    return content[:place] + word + content[place + over :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.choice((0, 1, _place(content, chance), len(content) - 1))]


def _cut_out(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + content[place + chance.choice((1, 2, 8, 100)) :]


def _double(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    end = place + chance.choice((1, 8, 80, 1000))
    return content[:end] + content[place:end] * chance.choice((1, 1, 50)) + content[end:]


def _append(content: bytes, chance: random.Random) -> bytes:
    tail = chance.choice((bytes(1), bytes(100_000), b"\n" * 1000, b"9" * 100_000, content))
    return content + tail


def _zeros(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    count = chance.choice((1, 16, 1000))
    return content[:place] + bytes(count) + content[place + count :]


def _many(content: bytes, chance: random.Random) -> bytes:
    """Announce and describe ten thousand of what a line describes."""
    lines = content.split(b"\n")
    return b"\n".join(lines[:1] + lines[1:2] * chance.choice((600, 10_000)) + lines[2:])


def _wide(content: bytes, chance: random.Random) -> bytes:
    """Give each line ten thousand cells."""
    mark = chance.choice((b",", b";", b"\t"))
    return b"\n".join(line + (mark + b"1") * 10_000 for line in content.split(b"\n")[:50])


def _place(content: bytes | bytearray, chance: random.Random) -> int:
    reach = _HEAD if chance.random() < _IN_THE_HEAD else len(content)
    return chance.randrange(max(1, min(reach, len(content))))


_IN_THE_HEAD = 0.7
_KEEPS_LENGTH = 0.6
_SPARSE = 0.01
_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_number, _number, _number, _word, _word, _flip, _flip, _cut, _cut_out, _double),
    *(_append, _zeros, _many, _wide),
)
