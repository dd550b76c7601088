"""One file per kind of thing on an XNAT. See docs/adding-a-kind.md.

Who waits for whom (a kind needs what stands to its left):

    initialization -> admin_password -> site_setting
                                     -> notification
                                     -> anonymization
                                     -> site_setting -> project -> project_anonymization
"""

from bootstrap.kinds.admin_password import AdminPassword
from bootstrap.kinds.anonymization import SiteAnonymization
from bootstrap.kinds.initialization import Initialization
from bootstrap.kinds.kind import Kind
from bootstrap.kinds.notification import Notification
from bootstrap.kinds.project import ProjectKind
from bootstrap.kinds.project_anonymization import ProjectAnonymization
from bootstrap.kinds.site_setting import SiteSetting

KINDS: tuple[Kind, ...] = (
    Initialization(),
    AdminPassword(),
    SiteSetting(),
    Notification(),
    SiteAnonymization(),
    ProjectKind(),
    ProjectAnonymization(),
)

__all__ = ["KINDS", "Kind"]
