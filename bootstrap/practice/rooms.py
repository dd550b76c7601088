"""All rooms of the practice XNAT, in the order in which they start, and the modules that hold their routes."""

from __future__ import annotations

from bootstrap.practice.admin import (
    account_routes,
    anonymisation,
    build,
    catalogue,
    config_routes,
    custom_forms,
    investigators,
    mail,
    odds_and_ends,
    own_account,
    plugin_routes,
    preference_routes,
    processor_routes,
    receiver_routes,
    role_routes,
    series_filter,
    session_routes,
    site_config,
    start,
    token_routes,
    tool_settings,
)
from bootstrap.practice.admin.room import room as admin
from bootstrap.practice.containers import (
    availability,
    command_routes,
    configuration_routes,
    container_lists,
    container_routes,
    enablement_routes,
    form_routes,
    hub_routes,
    image_routes,
    launch_routes,
    log_routes,
    managers,
    mapping_routes,
    mappings,
    orchestration_routes,
    queues,
    server_routes,
    wrapper_routes,
)
from bootstrap.practice.containers.launching import following, queue
from bootstrap.practice.containers.room import room as containers
from bootstrap.practice.data import (
    accessibility,
    assessor_routes,
    custom_fields,
    experiment_changes,
    experiment_lists,
    experiment_routes,
    file_routes,
    file_uploads,
    group_routes,
    invitation_routes,
    members,
    project_list,
    project_routes,
    refresh_routes,
    resource_routes,
    scan_routes,
    search,
    search_elements,
    subject_list,
    subject_routes,
    total_counts,
    user_cache,
    workflow_routes,
)
from bootstrap.practice.data.incoming import (
    archive_routes,
    direct_routes,
    dump_routes,
    import_routes,
    prearchive_lists,
    prearchive_routes,
    progress,
    rebuilder,
    recovery,
)
from bootstrap.practice.data.room import room as data
from bootstrap.practice.events import (
    action_routes,
    container_runner,
    converted_mappings,
    event_catalogue,
    filter_routes,
    history_routes,
    project_subscriptions,
    schedules,
    site_subscriptions,
    switch,
    triggers,
)
from bootstrap.practice.events.room import room as events

ADMIN = (
    *(
        start,
        site_config,
        build,
        mail,
        preference_routes,
        tool_settings,
        odds_and_ends,
        plugin_routes,
        catalogue,
        anonymisation,
        config_routes,
        series_filter,
    ),
    *(
        account_routes,
        own_account,
        role_routes,
        session_routes,
        token_routes,
        receiver_routes,
        processor_routes,
        custom_forms,
        investigators,
    ),
)
DATA = (
    *(project_list, project_routes, accessibility, members, group_routes, invitation_routes),
    *(subject_list, subject_routes, search, search_elements, total_counts, workflow_routes),
    *(experiment_lists, experiment_routes, experiment_changes, scan_routes, assessor_routes),
    *(resource_routes, file_routes, file_uploads, refresh_routes),
    *(user_cache, custom_fields),
    *(
        recovery,
        rebuilder,
        import_routes,
        prearchive_lists,
        prearchive_routes,
        archive_routes,
        direct_routes,
        dump_routes,
        progress,
    ),
)
CONTAINERS = (
    *(managers, server_routes, hub_routes, image_routes, command_routes, wrapper_routes, enablement_routes),
    *(configuration_routes, availability, orchestration_routes, queues, mapping_routes, mappings),
    *(launch_routes, form_routes, container_lists, container_routes, log_routes, following, queue),
)
EVENTS = (
    *(switch, event_catalogue, action_routes, filter_routes, triggers, schedules, container_runner, converted_mappings),
    *(site_subscriptions, project_subscriptions, history_routes),
)
MODULES = (*ADMIN, *DATA, *CONTAINERS, *EVENTS)  # imported, and so each has put its routes into its room
ROOMS = (admin, data, containers, events)
