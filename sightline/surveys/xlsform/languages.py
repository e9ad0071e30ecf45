"""Languages as XLSForms name them, `Gàidhlig (gd)`, and as we do, `gd`."""

import re
from typing import Final

NAMES: Final[dict[str, str]] = {
    "en": "English", "gd": "Gàidhlig", "sco": "Scots", "cy": "Cymraeg", "ga": "Gaeilge",
    "pl": "Polski", "uk": "Українська", "ro": "Română", "ar": "العربية", "ur": "اردو",
    "pa": "ਪੰਜਾਬੀ", "zh": "中文", "bn": "বাংলা", "fa": "فارسی", "ps": "پښتو", "so": "Soomaali",
    "ti": "ትግርኛ", "am": "አማርኛ", "tr": "Türkçe", "ku": "Kurdî", "hi": "हिन्दी", "ru": "Русский",
    "lt": "Lietuvių", "lv": "Latviešu", "pt": "Português", "es": "Español", "fr": "Français",
    "de": "Deutsch", "it": "Italiano", "nl": "Nederlands", "sw": "Kiswahili", "vi": "Tiếng Việt",
    "hu": "Magyar", "sk": "Slovenčina", "cs": "Čeština", "bg": "Български", "he": "עברית",
    "bfi": "BSL",
}  # fmt: skip
_ENGLISH: Final[dict[str, str]] = {
    "gaelic": "gd", "scottish gaelic": "gd", "polish": "pl", "ukrainian": "uk", "romanian": "ro",
    "arabic": "ar", "urdu": "ur", "punjabi": "pa", "chinese": "zh", "bengali": "bn",
    "persian": "fa", "farsi": "fa", "pashto": "ps", "somali": "so", "turkish": "tr",
    "kurdish": "ku", "hindi": "hi", "russian": "ru", "lithuanian": "lt", "latvian": "lv",
    "portuguese": "pt", "spanish": "es", "french": "fr", "german": "de", "italian": "it",
    "dutch": "nl", "swahili": "sw", "vietnamese": "vi", "hungarian": "hu", "slovak": "sk",
    "czech": "cs", "bulgarian": "bg", "hebrew": "he", "welsh": "cy", "irish": "ga",
}  # fmt: skip
_WITH_CODE: Final = re.compile(r".*\(\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*\)\s*")
_CODE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def code_of(name: str) -> str:
    """The code of a language as a form names it; empty where nobody can tell."""
    match = _WITH_CODE.fullmatch(name)
    if match:
        first, *rest = match[1].split("-")
        return "-".join([first.lower(), *rest])
    bare = name.strip()
    by_name = {said.casefold(): code for code, said in NAMES.items()}
    known = _ENGLISH.get(bare.casefold()) or by_name.get(bare.casefold())
    return known or (bare if _CODE.fullmatch(bare) and len(bare) <= 12 else "")  # noqa: PLR2004


def name_of(code: str) -> str:
    """A language as a form names it, with its code."""
    return f"{NAMES.get(code, code)} ({code})"
