"""Names of the queries in `sql/`, by what they return.

Generated from the files by `python -m tools.docs`: run it after a query is added or renamed.
"""

from typing import Literal

# fmt: off

RowsQuery = Literal[
    "absent_people", "access_entries", "access_entries_about", "accounts",
    "agenda_busy", "agenda_sides", "attempts", "ban_listing", "bans_of_ops",
    "begin_sending", "changed_fields", "claimed_matches", "closed_among",
    "cohort_pairs", "cohorts_in_scope", "cohorts_of", "comments_of", "data_key_counts",
    "data_keys_of", "data_keys_to_rewrap", "decided_since", "decision_listing",
    "directives_in_force", "disobeying_pairs", "drift_counts", "drift_listing",
    "drop_archive_months", "erasures_of", "event_counts", "events_in", "field_times",
    "findings_to_notify", "free_people", "future_changes_due", "guard_pairs",
    "guard_proposals", "guards_due", "held_about", "ideas_of", "incoming_regions",
    "informed_counts", "informed_people", "kept_events", "known_above", "known_keys",
    "known_people", "lease_due", "lease_events", "leavers_to_erase", "ledger_of",
    "live_cohorts", "live_pairs", "live_pairs_of", "live_programmes", "match_listing",
    "matches_named", "matches_of_run", "modules", "names", "newest_releases",
    "notice_counts", "open_drift", "opened_cohorts", "pairs_at_risk",
    "pairs_before_erasure", "pairs_in_scope", "pairs_not_at_risk", "pairs_of_stage",
    "pairs_to_end", "pairs_to_start", "parts_in_pairs", "pauses", "payload_keys",
    "people_as_rows", "people_file_parts", "people_files", "people_found",
    "people_listing", "people_of_region", "pin_listing", "planned_people", "pool_bans",
    "pool_mentees", "pool_pins", "pool_seats", "privacy_notices", "processes",
    "programme_pauses", "programmes", "pulses_given", "refused_messages",
    "region_counts", "regions_with_comments", "released_scores", "releases_of",
    "run_before", "run_now", "signed_source", "silent_pairs", "some_changes",
    "source_listing", "status_pairs", "status_steps", "supervised_pairs",
    "unfinished_erasures", "unmatched_listing", "unreleased_ideas", "unreleased_scores",
]
"""Returns rows."""

RowQuery = Literal[
    "absence", "account_by_login", "account_by_subject", "account_by_token",
    "cohort_on_record", "cohort_waiting", "compare_incoming", "erasure", "event",
    "evidence", "find_or_add_drift", "guard_check", "in_cohort", "link_found",
    "lock_cohort", "lock_guard", "lock_review", "mails_in_doubt", "newest_release",
    "overdue", "pair_detail", "pair_on_record", "pass_on_notices", "people_file",
    "people_file_to_change", "people_waiting", "person", "person_by_external",
    "pool_lines", "pool_people", "programme_clock", "programme_on_record",
    "programme_row", "programme_status", "pulse_kept", "record_batch",
    "refused_message", "save_decision", "session_found", "source_by_token",
    "status_extras", "take_openid_request",
]
"""Returns one row, or none."""

ValueQuery = Literal[
    "add_decision", "address_changed", "allow_archiving", "allow_erasing",
    "archive_events", "archive_late_ledger", "archive_late_notices", "archive_pairs",
    "close_cohort", "close_links", "close_unstarted_pairs", "cohort_plan",
    "disobeying_in_scope", "enrolled_pairs", "frozen_by_guard", "held_findings",
    "holder_of", "installation_id", "is_proposed", "lock_attempts", "lock_imports",
    "lock_people_files", "lock_privacy_notices", "lock_releases", "newest_run",
    "open_archive_months", "payload_key_is_registered", "people_file_columns", "ping",
    "planned_changes", "programme_plan", "programme_state", "proposed_count",
    "queue_for_person", "queue_notices", "reconciler_look", "refused_count",
    "restarts_today", "review_revision", "revoke_account", "run_gains",
    "save_idea_release", "seconds_until_due", "set_directive", "store_events",
    "try_lock_run",
]
"""Returns one value, or none."""

CommandQuery = Literal[
    "add_access", "add_account", "add_attempt", "add_credential", "add_data_key",
    "add_decision_to_ledger", "add_grant", "add_openid_request", "add_privacy_notice",
    "add_restart_to_ledger", "add_source", "analyze_cohort", "analyze_differences",
    "analyze_incoming", "analyze_people", "announce_payload_key", "ban_all",
    "begin_erasure", "claim_approved", "claim_programme", "clear_grants",
    "clear_reporting", "correct_event_counts", "correct_notice_counts",
    "correct_pair_counts", "correct_people_counts", "date_needs",
    "delete_apart_findings", "delete_future_changes", "delete_old_people_files",
    "delete_parted_findings", "delete_people_file", "delete_people_file_parts",
    "destroy_data_keys", "drop_credentials", "drop_planned_changes", "empty_old_pulses",
    "end_credentials", "end_privacy_notice", "end_session", "end_sessions_of",
    "enrol_mentees", "enrol_mentors", "erase_account_grants", "erase_account_sessions",
    "erase_accounts", "erase_archived_events", "erase_archived_notices", "erase_bans",
    "erase_closed_links", "erase_closing_answers", "erase_completed_modules",
    "erase_directives", "erase_events", "erase_from_bans", "erase_from_other_changes",
    "erase_from_pins", "erase_future_people_changes", "erase_guard_findings",
    "erase_match_decisions", "erase_matches", "erase_outbox", "erase_people",
    "erase_people_changes", "erase_people_field_times", "erase_people_file_parts",
    "erase_people_files", "erase_pins", "erase_pulses", "erase_references",
    "erase_refusals", "erase_refused_messages", "erase_reporting_lines",
    "erase_sign_in_links", "erase_unmatched_people", "erase_unreleased_pulses",
    "finish_erasure", "finish_notices", "fold_event_counts", "fold_notice_counts",
    "fold_pair_counts", "fold_people_counts", "forget_access", "forget_attempts",
    "forget_decisions", "forget_link", "forget_old_attempts", "forget_openid_requests",
    "forget_process", "forget_sessions", "insert_people", "insert_people_file",
    "insert_people_file_part", "insert_proposals", "insert_reporting", "insert_run",
    "insert_swapped", "insert_unmatched", "keep_completion", "keep_erased_event_keys",
    "key_incoming", "lapse_close_matches", "lapse_matches", "lock_people",
    "lock_refused_message", "make_differences", "make_incoming", "make_link",
    "mark_announced", "mark_apart_again", "mark_awaiting_resume", "mark_event",
    "mark_findings_notified", "mark_ideas_released", "mark_repair", "mark_repaired",
    "mark_scores_released", "mark_started", "mark_too_close", "note_changes",
    "note_informed", "note_leaving", "note_process", "note_source_use", "open_cohort",
    "pin_all", "postpone_future_change", "postpone_notices", "put_events_back",
    "queue_address_notices", "queue_call_requests", "refer_people", "refuse_data_keys",
    "release_resumed", "renew_leases", "replace_proposals", "resend_event",
    "restore_account", "revoke_source", "rewrap_data_keys", "save_field_times",
    "save_future_changes", "save_guard_look", "save_offer", "save_people_file",
    "save_programme_state", "save_pulse", "save_refused_message", "save_release",
    "set_message_rules", "set_password", "set_people_file_digest",
    "set_reconciler_look", "set_subject", "set_token", "settle_approved",
    "settle_decision", "settle_findings", "settle_matches", "settle_refused_message",
    "start_session", "store_windows", "try_waiting_events", "unban_all",
    "unlock_refused_message", "unpin_all", "update_people", "use_link",
    "withdraw_payload_keys",
]
"""Returns nothing; rows are counted."""
