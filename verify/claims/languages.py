"""Which language a text is in, as far as the sentence splitter needs it: by script, and among Latin and Cyrillic ones by their small words.

The words are the most frequent ones of each language that its neighbours lack. A text too short to tell is taken for English, whose
abbreviations are the most widely used.
"""

import re
from collections import Counter

_SCRIPTS = {
    "ja": "[\u3040-\u30ff]",
    "ko": "[\uac00-\ud7af]",
    "zh": "[\u4e00-\u9fff]",
    "ar": "[\u0600-\u06ff]",
    "he": "[\u0590-\u05ff]",
    "hi": "[\u0900-\u097f]",
    "el": "[\u0370-\u03ff]",
}
_SMALL_WORDS = {
    "en": "the of and to was that is with for were which been",
    "de": "der die das und ist nicht wurde mit von den dem auch sich",
    "fr": "le les des et est dans une du qui pour par au sont",
    "es": "el los las y en una del por con fue su más como",
    "it": "il di che della nel è gli alla dei sono anche più",
    "pt": "o os da do em uma não com foi ao dos são pela",
    "nl": "het een van en is op zijn werd niet met voor ook",
    "af": "het 'n die van en is nie wat sy was met vir",
    "pl": "w z na się jest nie oraz do przez był został że",
    "sv": "och att det som en är av på för med inte den",
    "da": "og at det som en er af på for med ikke den",
    "ru": "и в на не что был с по как он из это",
    "uk": "і в на не що був з та як він із це",
    "bg": "и в на не че е с по като той от това",
    "fi": "ja on ei se että oli hän joka myös sen",
    "tr": "ve bir bu için ile olarak da de olan",
}
_VOTERS: dict[str, tuple[str, ...]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _VOTERS[_word] = (*_VOTERS.get(_word, ()), _language)
_WORD = re.compile(r"['’]?[^\W\d_]+")
_SAMPLE = 20_000
_FEWEST_VOTES = 3


def guess_language(text: str) -> str:
    """Give the ISO 639-1 code of the language that a text most looks like."""
    sample = text[:_SAMPLE]
    letters = sum(map(str.isalpha, sample)) or 1
    for language, script in _SCRIPTS.items():
        share = 0.1 if language == "ja" else 0.3  # Japanese mixes its syllables with Chinese characters
        if len(re.findall(script, sample)) > share * letters:
            return language
    votes: Counter[str] = Counter()
    for word in _WORD.findall(sample.casefold().replace("’", "'")):
        speaking = _VOTERS.get(word, ())
        for language in speaking:
            votes[language] += 6 // len(speaking) if len(speaking) < 6 else 1  # noqa: PLR2004 - a word of one language says more
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] >= 6 * _FEWEST_VOTES and best[0][1] > votes["en"] else "en"
