"""Why a VIHF proves nothing: one word for logs and metrics. Never holds an assertion or a name."""

from enum import StrEnum


class Why(StrEnum):
    ABSENT = "absent"
    """The message has no assertion."""
    SEVERAL = "several"
    """More than one Assertion, Security or Signature, or one that is not in its place."""
    DUPLICATE = "duplicate"
    """Two elements of the message have one ID."""
    FORM = "form"
    """The signature is not built as XDS.md section 8 says: its reference, its transforms."""
    ALGORITHM = "algorithm"
    """An algorithm that is not taken, or SHA-1 from a sender who may not use it."""
    SIGNATURE = "signature"
    """The digest or the signature is not that of what came."""
    CERTIFICATE = "certificate"
    """No certificate that can be read, or a key too short."""
    AUTHORITY = "authority"
    """No authority of ours issued it."""
    DATES = "dates"
    """The certificate or its authority is outside its dates."""
    REVOKED = "revoked"
    LIST = "list"
    """The list of revoked certificates of this authority is missing, forged or out of date."""
    PURPOSE = "purpose"
    """Not a certificate to sign with."""
    ISSUER = "issuer"
    """The Issuer is not the subject of the certificate."""
    SUBJECT = "subject"
    """The NameID is not that of the card, or of another structure."""
    TIME = "time"
    """Issued too long ago or in the future, or outside its Conditions."""
    REPLAY = "replay"
    FIELD = "field"
    """A field is missing, malformed or has a value that we do not know."""
    SPECIALTY = "specialty"
    """A physician or a pharmacist without know-how."""
    PROFESSION = "profession"
    """Not the profession of the person whom we know under this identifier."""
    MODE = "mode"
    """A way of authentication, or a mode of access, that is not open to this sender."""
    STRUCTURE = "structure"
    """Nothing binds the structure to the certificate, the sender or the person."""
    CONNECTION = "connection"
    """The client certificate of the connection is missing, or belongs to somebody else."""
    WITHDRAWN = "client-revoked"
    """The client certificate of the connection is revoked."""
    SENDER = "sender"
    """No sender of ours is behind this request."""
    PATIENT = "patient"
    """The request is about another patient than its assertion."""


class NotVihfError(Exception):
    """An assertion that proves nothing; `hint` is the name of a field that is at fault."""

    def __init__(self, why: Why, hint: str = "") -> None:
        super().__init__(why.value)
        self.why, self.hint = why, hint
