"""Packs: labelled strips that travel as one file, and the shelf that they are put on.

The format, version 1
---------------------
A pack is a zip file with the ending ``.rtpack``: no comment, no encryption, nothing before or
behind it, compressed by deflate or not at all. It holds ``manifest.json`` and, for each strip,
``strips/<strip id>.hea`` and ``strips/<strip id>.dat``, and nothing else.

``manifest.json`` is one JSON object in UTF-8, with all of these keys and no others:

========== =====================================================================================
format     ``"rhythmtrainer-pack"``
version    1; a program that knows only older versions refuses the pack
id         small letters, digits and hyphens, at most 64; another pack with this id is another
           edition of this one
title      text
author     text, may be empty
created    a date, ``"2026-01-31"``; the later edition replaces the earlier one
note       text, may be empty
strips     a list of objects, see below
quiz       null, or an object: ``title``, and ``strips``, a list of ids in the order of asking
files      an object: for the name of each file but the manifest an object of its ``bytes`` and
           ``sha256``
========== =====================================================================================

A strip has these keys:

========== =====================================================================================
id         as above, one of a kind in the pack
title      text; may give the answer away, and is shown after it
leads      the printed names of the signals, in their order
duration_s seconds
answer     a rhythm, for example ``"vt_monomorphic"``
accepted   a list of rhythms that count as right besides
teaching   an object: ``scenario`` (null, ``"with a pulse"`` or ``"without a pulse"``),
           ``age_years`` (null or a number), ``note`` (text)
source     where the signal comes from, to be printed beside it; may be empty
licence    under which it may be handed on; empty where that is not known
dropped    a list of the kinds of facts about a patient that were taken out
origin     ``"real"`` or ``"simulated"``
database   null, or an object about the published database that the signal is an excerpt of:
           ``id``, ``version``, ``title``, ``citation``, ``doi``, ``licence``, ``labels``
========== =====================================================================================

Texts are plain; control characters are removed when a pack is opened.

The signals of a strip are one WFDB record in format 16, which any WFDB software reads. Its header
has no comments and no dates: a first line ``<strip id> <leads> <rate> <samples>``, and for each
lead ``<strip id>.dat 16 <gain>(<baseline>)/mV 16 0 <first sample> <checksum> 0 <lead>``, each line
ended by a line feed. The gain is 1000, or the largest of 500, 200, 100, 50, 20, 10, 5, 2 and 1
with which nothing is cut off; a gap is the sample -32768. How large anything may be stands in
`limits`.

Equal packs are equal files, as far as two computers deflate alike: the files stand behind the
manifest in the order of its strips, all with the time 1980-01-01.
"""
