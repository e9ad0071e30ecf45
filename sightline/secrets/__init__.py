"""Keys, and what is sealed with them: fields, files, backups.

Owns: where keys come from, sealing with AES-GCM under a key that is named in what it sealed, and
sealing anew when keys change.
Must not know: what is sealed, or who may read it.
"""

from sightline.secrets.fields import SealedJSON, SealedText
from sightline.secrets.keys import KeyMissing, Tampered
from sightline.secrets.sealing import blind_index, blind_indexes, key_id_of, seal, unseal
from sightline.secrets.streams import SealingWriter, open_sealed, seal_stream, unseal_stream

__all__ = [
    "KeyMissing", "SealedJSON", "SealedText", "SealingWriter", "Tampered", "blind_index",
    "blind_indexes", "key_id_of", "open_sealed", "seal", "seal_stream", "unseal", "unseal_stream",
]  # fmt: skip
