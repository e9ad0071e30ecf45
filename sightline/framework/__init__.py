"""What good looks like: quality frameworks, scales, programmes, crosswalks, terms of quantity.

Owns: definitions under `definitions/frameworks|programmes|scales|terms`, and corrected titles (an
overlay with history). Its words: *edition*, *indicator*, *programme*, *frame item*, *suite*,
*evaluation*.
Must not know: partnerships, inspections, who uses a framework.
"""
