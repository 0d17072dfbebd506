"""Who is told by e-mail when an export has ended: one address, which the operator allows mail to."""

from exports.conf import conf
from exports.delivery import addresses
from exports.exceptions import BadRequest
from exports.types import ExportSpec

from .delivery import told_by_mail


def recipient_of(spec: ExportSpec) -> str:
    """Return the address; empty for nobody, and where no e-mail is sent at all.

    Only where a request comes in, for who asks is known nowhere else.

    Raises:
        BadRequest: no address is known, it is none, or mail may not go there; the message names the field.
    """
    wanted, flag, address, where = told_by_mail(spec)
    if not (bool(address) if wanted is None else wanted):
        return ""
    if not address:
        address, where = spec.principal.email, flag
        if not address:
            raise BadRequest(f"Field '{flag}' asks for an e-mail, and no address is known.", field=flag)
    if problem := addresses.problem(address):
        raise BadRequest(f"Field '{where}' {problem}", field=where)
    if conf.email_domains and not addresses.is_in(address, conf.email_domains):
        raise BadRequest(f"Field '{where}': e-mail may not go to addresses of this domain.", field=where)
    return address if conf.email_enabled else ""
