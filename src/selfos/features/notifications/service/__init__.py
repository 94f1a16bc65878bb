"""The verbs of notifications; each takes a Context and checks its right first."""

from selfos.features.notifications.service.delivering import deliver, suppress
from selfos.features.notifications.service.destinations import (
    add_destination,
    list_destinations,
    remove_destination,
    try_destination,
    update_destination,
)
from selfos.features.notifications.service.devices import (
    add_device,
    add_phone,
    list_devices,
    push_key,
    remove_device,
)
from selfos.features.notifications.service.digesting import (
    preview_digest,
    send_digest,
    tell_digest,
)
from selfos.features.notifications.service.following import (
    follow_check_in,
    follow_event,
    follow_goal,
    follow_habit,
    follow_mention,
    follow_report,
    follow_task,
    follow_undo,
    follow_zone,
)
from selfos.features.notifications.service.inbox import (
    count_unread,
    list_deliveries,
    list_notifications,
    read_all,
    read_notification,
    snooze_notification,
)
from selfos.features.notifications.service.preferences import (
    get_preferences,
    quiet_until,
    resume_mail,
    update_preferences,
)
from selfos.features.notifications.service.previewing import Scheme, show_preview
from selfos.features.notifications.service.reminders import (
    KEPT_REMINDERS,
    REMINDERS,
    delete_reminder,
    list_reminders,
    next_day_with,
    schedule_reminder,
    update_reminder,
)
from selfos.features.notifications.service.ringing import ring
from selfos.features.notifications.service.sending import (
    send_email_notification,
    send_push_notification,
    send_test,
)
from selfos.features.notifications.service.telling import DELIVER_JOB
from selfos.features.notifications.service.tidying import take_bounce, tidy
from selfos.features.notifications.service.timing import DIGEST_JOB
from selfos.features.notifications.service.unsubscribing import unsubscribe, unsubscribe_token
from selfos.features.notifications.service.words import (
    list_template_versions,
    list_templates,
    preview_template,
    reset_template,
    update_template,
)

__all__ = [
    "DELIVER_JOB",
    "DIGEST_JOB",
    "KEPT_REMINDERS",
    "REMINDERS",
    "Scheme",
    "add_destination",
    "add_device",
    "add_phone",
    "count_unread",
    "delete_reminder",
    "deliver",
    "follow_check_in",
    "follow_event",
    "follow_goal",
    "follow_habit",
    "follow_mention",
    "follow_report",
    "follow_task",
    "follow_undo",
    "follow_zone",
    "get_preferences",
    "list_deliveries",
    "list_destinations",
    "list_devices",
    "list_notifications",
    "list_reminders",
    "list_template_versions",
    "list_templates",
    "next_day_with",
    "preview_digest",
    "preview_template",
    "push_key",
    "quiet_until",
    "read_all",
    "read_notification",
    "remove_destination",
    "remove_device",
    "reset_template",
    "resume_mail",
    "ring",
    "schedule_reminder",
    "send_digest",
    "send_email_notification",
    "send_push_notification",
    "send_test",
    "show_preview",
    "snooze_notification",
    "suppress",
    "take_bounce",
    "tell_digest",
    "tidy",
    "try_destination",
    "unsubscribe",
    "unsubscribe_token",
    "update_destination",
    "update_preferences",
    "update_reminder",
    "update_template",
]
