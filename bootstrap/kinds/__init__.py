"""One file per kind of thing on an XNAT. See docs/adding-a-kind.md.

Who waits for whom (a kind needs what stands to its left):

    initialization -> admin_password -> site_setting
                                     -> notification
                                     -> anonymization
                                     -> site_setting -> project -> project_anonymization
                                                        project -------------------v
                                     -> plugin -> restart -> enabled_provider
                                     -> auth_provider -^ |
                                                         v
                                     -> container_manager -> compute -> container_engine -> image -> command
                                        container_manager -> registry ----------------------^
                                        command -> enablement -> project_enablement -> project_wrapper_defaults
                                                   enablement -> wrapper_defaults
                                                   enablement -> orchestration -> project_orchestration
                                                                 project_enablement --^
                                     -> event_service -> subscription
                                        project, command, enablement, project_enablement --^
"""

from bootstrap.kinds.admin_password import AdminPassword
from bootstrap.kinds.anonymization import SiteAnonymization
from bootstrap.kinds.auth_provider import AuthProviderKind
from bootstrap.kinds.command import CommandKind
from bootstrap.kinds.compute import ComputeKind
from bootstrap.kinds.container_engine import ContainerEngine
from bootstrap.kinds.container_manager import ContainerManager
from bootstrap.kinds.enabled_provider import EnabledProvider
from bootstrap.kinds.enablement import Enablement
from bootstrap.kinds.event_service import EventService
from bootstrap.kinds.image import ImageKind
from bootstrap.kinds.initialization import Initialization
from bootstrap.kinds.kind import Kind
from bootstrap.kinds.notification import Notification
from bootstrap.kinds.orchestration import OrchestrationKind
from bootstrap.kinds.plugin import PluginKind
from bootstrap.kinds.project import ProjectKind
from bootstrap.kinds.project_anonymization import ProjectAnonymization
from bootstrap.kinds.project_enablement import ProjectEnablement
from bootstrap.kinds.project_orchestration import ProjectOrchestration
from bootstrap.kinds.project_wrapper_defaults import ProjectWrapperDefaults
from bootstrap.kinds.registry import RegistryKind
from bootstrap.kinds.restart_kind import Restart
from bootstrap.kinds.site_setting import SiteSetting
from bootstrap.kinds.subscription import SubscriptionKind
from bootstrap.kinds.wrapper_defaults import WrapperDefaults

KINDS: tuple[Kind, ...] = (
    Initialization(),
    AdminPassword(),
    SiteSetting(),
    Notification(),
    SiteAnonymization(),
    ProjectKind(),
    ProjectAnonymization(),
    PluginKind(),
    AuthProviderKind(),
    Restart(),
    EnabledProvider(),
    ContainerManager(),
    ComputeKind(),
    ContainerEngine(),
    RegistryKind(),
    ImageKind(),
    CommandKind(),
    Enablement(),
    WrapperDefaults(),
    ProjectEnablement(),
    ProjectWrapperDefaults(),
    OrchestrationKind(),
    ProjectOrchestration(),
    EventService(),
    SubscriptionKind(),
)

__all__ = ["KINDS", "Kind"]
