"""Every number of the service that an operator may want to change: the section [limits]."""

from __future__ import annotations

import msgspec

KIB = 1024
MIB = 1024 * KIB


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[limits]: sizes in octets, times in seconds unless the name says otherwise."""

    # one SMTP session
    message_size: int = 25 * MIB
    data_in_flight: int = 256 * MIB
    recipients: int = 100
    connections: int = 200
    connections_per_ip: int = 20
    errors_soft: int = 10
    errors_hard: int = 20
    junk_commands: int = 100
    commands: int = 500
    idle_seconds: int = 120
    data_seconds: int = 180
    session_seconds: int = 900
    command_line: int = 512
    text_line: int = 2048
    # the message
    header_size: int = 100 * KIB
    header_fields: int = 1000
    header_field_size: int = 16 * KIB
    mime_depth_held: int = 20
    mime_depth_refused: int = 100
    mime_parts: int = 500
    received_fields: int = 50
    group_message_size: int = 5 * MIB
    # reading
    read_text: int = 64 * KIB
    read_html: int = 256 * KIB
    read_parts: int = 100
    # verifying
    dkim_signatures: int = 5
    dns_lookups: int = 10
    dns_seconds: int = 5
    # handling
    handling_attempts: int = 2
    duplicate_days: int = 30
    quarantine_days: int = 30
    old_question_days: int = 180
    # limits on letters
    confirmations_open_per_group: int = 1
    confirmations_per_day: int = 3
    confirmations_per_week: int = 10
    confirmations_site_per_hour: int = 500
    nominations_per_day: int = 3
    nominations_per_week: int = 10
    stranger_letters_per_day: int = 10
    person_letters_per_day: int = 50
    join_unconfirmed_days: int = 7
    held_working_days: int = 14
    reminder_working_days: int = 3
    hand_over_working_days: int = 3
    absence_working_days: int = 3
    left_working_days: int = 20
    # delivery
    retry_first_seconds: int = 300
    retry_longest_seconds: int = 4200
    give_up_days: int = 5
    final_reply_seconds: int = 600
    # bounces
    bounce_probe_days: int = 3
    bounce_second_probe_days: int = 10
    bounces_alike: int = 5
    bounces_alike_percent: int = 5
    # logging in
    login_minutes: int = 15
    logins_per_hour: int = 3
    logins_site_per_hour: int = 500
    # documents
    documents_per_mail: int = 20
    # disk
    disk_floor: int = 64 * MIB
