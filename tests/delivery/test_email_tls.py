"""E-mail goes out encrypted, and only to a mail server whose certificate is good."""

import ssl
import subprocess

import pytest

from tests.services import require_service
from tests.smtp import MailServer

from .test_email import noticed, told

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The path of a certificate for 127.0.0.1 with its key, signed by nobody but itself."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = [require_service("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subject = ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *subject, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text() + (path.parent / f"{path.name}.crt").read_text())
    return path


@pytest.fixture
def tls(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def use(settings, server):
    for name, value in {**server.settings, "EMAIL_USE_TLS": True}.items():
        setattr(settings, name, value)


def test_server_with_a_good_certificate_gets_the_mail(settings, monkeypatch, certificate, tls):
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with MailServer(tls=tls) as server:
        use(settings, server)
        assert told(noticed()).state == "sent"
    assert len(server.box.received) == 1


def test_server_that_could_be_anybody_gets_nothing(settings, tls):
    with MailServer(tls=tls) as server:
        use(settings, server)
        notice = told(noticed())
    assert (notice.state, server.box.asked_to) == ("waiting", [])
    assert "SSLCertVerificationError" in notice.log.get().error


def test_server_that_speaks_no_tls_gets_nothing(settings):
    with MailServer() as server:
        use(settings, server)
        notice = told(noticed())
    assert (notice.state, server.box.asked_to) == ("waiting", [])
    assert "SMTPNotSupportedError" in notice.log.get().error
