"""The tables, for both engines. Instants are whole microseconds since 1970 in UTC.

Every patient-owned row bears `patient` (the shard key); rows that only ever grow are keyed by a
rising number, because keys without order slow a large file down. `sealed` columns are AES-256-GCM
(see sealing); `*_name` columns are HMACs under the index key; nothing else names a person.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    literal_column,
)

from gateway.store.schema.activation import activation as activation
from gateway.store.schema.agenda import agenda_feed as agenda_feed
from gateway.store.schema.agenda import appointment as appointment
from gateway.store.schema.agenda import reminder as reminder
from gateway.store.schema.attestations import attestation as attestation
from gateway.store.schema.burying import UNFINISHED as UNFINISHED
from gateway.store.schema.burying import tombstone as tombstone
from gateway.store.schema.catalogue import catalogue_proposal as catalogue_proposal
from gateway.store.schema.catalogue import catalogue_service as catalogue_service
from gateway.store.schema.catalogue import launch_token as launch_token
from gateway.store.schema.catalogue import service_report as service_report
from gateway.store.schema.catalogue import service_use as service_use
from gateway.store.schema.choices import hide as hide
from gateway.store.schema.correspondence import conversation_note as conversation_note
from gateway.store.schema.correspondence import mail as mail
from gateway.store.schema.desk import opening as opening
from gateway.store.schema.desk import operator as operator
from gateway.store.schema.desk import upkept as upkept
from gateway.store.schema.entering import attempt as attempt
from gateway.store.schema.entering import code as code
from gateway.store.schema.entering import login as login
from gateway.store.schema.entering import professional as professional
from gateway.store.schema.entering import sender as sender
from gateway.store.schema.entering import session as session
from gateway.store.schema.entries import entry as entry
from gateway.store.schema.entries import entry_state as entry_state
from gateway.store.schema.exports import export as export
from gateway.store.schema.exports import export_piece as export_piece
from gateway.store.schema.index import data_key as data_key
from gateway.store.schema.index import key_check as key_check
from gateway.store.schema.index import local_name as local_name
from gateway.store.schema.index import merge as merge
from gateway.store.schema.index import patient as patient
from gateway.store.schema.index import proposal as proposal
from gateway.store.schema.index import receipt_claim as receipt_claim
from gateway.store.schema.index import trait_name as trait_name
from gateway.store.schema.invitation import invitation as invitation
from gateway.store.schema.log import checkpoint as checkpoint
from gateway.store.schema.log import grid as grid
from gateway.store.schema.log import log_node as log_node
from gateway.store.schema.notices import notice_mark as notice_mark
from gateway.store.schema.prevention import prevention_look as prevention_look
from gateway.store.schema.prevention import prevention_said as prevention_said
from gateway.store.schema.pro import own_try as own_try
from gateway.store.schema.services import service_token as service_token
from gateway.store.schema.share_links import share_link as share_link
from gateway.store.schema.share_links import share_reading as share_reading
from gateway.store.schema.updates import update_lot as update_lot
from gateway.store.schema.work import ALONE as ALONE
from gateway.store.schema.work import IN_A_LANE as IN_A_LANE
from gateway.store.schema.work import NUMBER as NUMBER
from gateway.store.schema.work import TRIED as TRIED
from gateway.store.schema.work import business_ack as business_ack
from gateway.store.schema.work import lane_pause as lane_pause
from gateway.store.schema.work import metadata as metadata
from gateway.store.schema.work import task as task

receipt = Table(
    "receipt",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("patient", LargeBinary),
    Column("sender", Text, nullable=False),
    Column("door", Text, nullable=False),
    Column("key_name", LargeBinary),
    Column("digest_name", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("codes", Text),
    Column("control_name", LargeBinary),
    Column("wire", Text),
)
Index("receipt_id", receipt.c.id, unique=True)
Index("receipt_at", receipt.c.at, receipt.c.verdict)
Index("receipt_key_name", receipt.c.key_name)
Index("receipt_digest_name", receipt.c.digest_name)
Index(
    "receipt_held",
    receipt.c.number,
    sqlite_where=receipt.c.verdict == "hold",
    postgresql_where=receipt.c.verdict == "hold",
)

key_alias = Table(
    "key_alias",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("receipt", Text, nullable=False),
)

raw = Table(
    "raw",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("patient", LargeBinary),
    Column("keep_until", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
Index(
    "raw_keep_until",
    raw.c.keep_until,
    sqlite_where=raw.c.keep_until.is_not(None),
    postgresql_where=raw.c.keep_until.is_not(None),
)

replay = Table(
    "replay",
    metadata,
    Column("receipt", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("patient", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
)

waiting = Table(
    "waiting",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("receipt", Text, primary_key=True, index=True),
)

document = Table(
    "document",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("patient", LargeBinary, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("type_code", Text),
    Column("class_code", Text),
    Column("label", Text, nullable=False),
    Column("organization", Text),
    Column("codes", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("results", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("unique_name", LargeBinary),
    Column("set_name", LargeBinary),
    Column("deposited_at", BigInteger, nullable=False),
    Column("hidden_from", BigInteger),
    Column("announced_at", BigInteger),
    Column("read_at", BigInteger),
    Column("masked_at", BigInteger),
    Column("changed_at", BigInteger),
    Column("by_patient", Boolean, nullable=False),
    Column("own_label", Text),
    Column("superseded_by", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("masked_until", BigInteger),
    Column("unmasked_at", BigInteger),
    Column("own_label_at", BigInteger),
    Column("archived_at", BigInteger),
    Column("metadata_version", Integer),
)
Index("document_id", document.c.id, unique=True)
Index("document_patient", document.c.patient, document.c.number)
Index(
    "document_unique_name",
    document.c.unique_name,
    sqlite_where=document.c.unique_name.is_not(None),
    postgresql_where=document.c.unique_name.is_not(None),
)
_current = document.c.status == literal_column("'current'")
_current_of_set = document.c.set_name.is_not(None) & _current
Index(
    "document_current_of_set",
    document.c.set_name,
    sqlite_where=_current_of_set,
    postgresql_where=_current_of_set,
)
Index(
    "document_superseded_by",
    document.c.superseded_by,
    sqlite_where=document.c.superseded_by.is_not(None),
    postgresql_where=document.c.superseded_by.is_not(None),
)
IN_BIN = "by_patient AND status = 'withdrawn' AND size > 0"
"""A document that its patient threw away, and whose bytes are still there."""
Index(
    "document_in_bin",
    document.c.changed_at,
    sqlite_where=literal_column(IN_BIN),
    postgresql_where=literal_column(IN_BIN),
)

content = Table(
    "content",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("patient", LargeBinary, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("results", LargeBinary),
    Column("body", LargeBinary, nullable=False),
)

label_review = Table(
    "label_review",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("patient", LargeBinary, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("decided_at", BigInteger),
)
Index(
    "label_review_waiting",
    label_review.c.confidence,
    label_review.c.number,
    sqlite_where=label_review.c.decided_at.is_(None),
    postgresql_where=label_review.c.decided_at.is_(None),
)

trace = Table(
    "trace",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("patient", LargeBinary, nullable=False),
    Column("document", Text),
    Column("at", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Index("trace_patient", trace.c.patient, trace.c.number)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

choice = Table(
    "choice",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("patient", LargeBinary, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("target_name", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
)
Index("choice_target", choice.c.target_name, choice.c.kind)
