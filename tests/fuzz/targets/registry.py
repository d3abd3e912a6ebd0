"""Every parser that reads what a stranger sends."""

import dmp_targets
import document_targets
import envelope_targets
import hl7_targets
import lot_targets
import mail_targets
import query_targets
import soap_targets
import update_targets
import vihf_targets
from target import Target

ALL: tuple[Target, ...] = (
    *hl7_targets.TARGETS,
    *document_targets.TARGETS,
    *envelope_targets.TARGETS,
    *mail_targets.TARGETS,
    *dmp_targets.TARGETS,
    *soap_targets.TARGETS,
    *lot_targets.TARGETS,
    *update_targets.TARGETS,
    *vihf_targets.TARGETS,
    *query_targets.TARGETS,
)
BY_NAME = {target.name: target for target in ALL}
