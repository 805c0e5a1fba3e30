"""The mail servers that the settings name."""

from activities.notifications.senders import RehearsalDiverter
from activities.notifications.smtp import SmtpSender
from activities.notifications.smtp_connections import SmtpServer
from workers.settings import Settings


def sender_for(settings: Settings) -> RehearsalDiverter:
    """Real mail goes to the mail server, rehearsals to the catcher.

    Where the stack keeps mails to show them, its one server is a catcher.
    """
    domain, password = settings.mail_from.rpartition("@")[2], settings.smtp_password
    live = SmtpSender(
        SmtpServer(
            settings.smtp_host,
            settings.smtp_port,
            domain,
            username=settings.smtp_username,
            password=password.get_secret_value() if password else None,
            starttls=settings.smtp_starttls,
            per_second=settings.smtp_per_second,
        )
    )
    if settings.mails_dir is not None:
        return RehearsalDiverter(live, live)
    if settings.catcher_host is None:
        return RehearsalDiverter(live, None)
    catcher = SmtpServer(settings.catcher_host, settings.catcher_port, domain)
    return RehearsalDiverter(live, SmtpSender(catcher))
