"""The durable truth: what was asked for, what became of it, who touched it.

States move only by methods of the models here: conditional UPDATEs with one winner, each with its ``ExportLog`` row in
the same transaction. A queue message is a hint; these rows decide.
"""

from .analytics import ExportAnalytics
from .client import ApiClient
from .dataset import Dataset, DatasetPiece
from .file import ExportFile
from .idempotency import IdempotencyKey
from .lane import LaneHeartbeat
from .language import LanguageChoice
from .log import ExportLog
from .notice import Notice, NoticeAttempt
from .request import ExportRequest
from .schedule import ExportSchedule
from .schedule_log import ScheduleLog
from .template import ExportTemplate, ExportTemplateVersion
from .webhook import Webhook

__all__ = [
    "ApiClient",
    "Dataset",
    "DatasetPiece",
    "ExportAnalytics",
    "ExportFile",
    "ExportLog",
    "ExportRequest",
    "ExportSchedule",
    "ExportTemplate",
    "ExportTemplateVersion",
    "IdempotencyKey",
    "LaneHeartbeat",
    "LanguageChoice",
    "Notice",
    "NoticeAttempt",
    "ScheduleLog",
    "Webhook",
]
