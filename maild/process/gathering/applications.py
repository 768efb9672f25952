"""Applications and browsers that many houses use; a desk's own products are for `config/` to name."""

from collections.abc import Iterator

from maild.process.gathering.material import Material, Place
from maild.process.gathering.words import any_of, find_words

_BROWSERS = (
    *("google chrome", "chrome", "firefox", "mozilla firefox", "microsoft edge", "ms edge", "safari", "opera"),
    *("internet explorer", "explorer", "brave", "vivaldi", "chromium"),
)
_OFFICE = (
    *("outlook", "excel", "ms word", "microsoft word", "powerpoint", "onenote", "microsoft office", "ms office"),
    *("office 365", "microsoft 365", "o365", "libreoffice", "openoffice", "acrobat", "adobe reader", "photoshop"),
    *("indesign", "illustrator", "thunderbird", "apple mail", "lotus notes", "gmail", "google docs", "google drive"),
    *("microsoft access", "ms project", "microsoft project", "visio", "power bi", "autocad", "solidworks"),
)
_TOGETHER = (
    *(
        "microsoft teams",
        "ms teams",
        "skype for business",
        "skype",
        "zoom",
        "slack",
        "webex",
        "gotomeeting",
        "whatsapp",
    ),
    *("sharepoint", "onedrive", "dropbox", "nextcloud", "owncloud", "google meet", "mattermost", "confluence", "jira"),
    *("twitter", "facebook", "linkedin", "trello", "asana", "notion", "miro", "signal"),
)
_BUSINESS = (
    *("sap", "sap gui", "salesforce", "servicenow", "oracle", "datev", "dynamics 365", "navision", "sage", "workday"),
    *("hubspot", "zendesk", "shopify", "magento", "wordpress", "typo3", "moodle", "odoo", "citrix", "concur"),
)
_TECHNICAL = (
    *("anyconnect", "openvpn", "wireguard", "forticlient", "globalprotect", "teamviewer", "anydesk", "putty", "winscp"),
    *("filezilla", "vmware workstation", "vmware", "virtualbox", "docker", "kubernetes", "jenkins", "gitlab", "github"),
    *("visual studio code", "visual studio", "intellij", "eclipse", "mysql", "postgresql", "mongodb", "sql server"),
    *("apache", "nginx", "tomcat", "samba", "active directory", "exchange", "authenticator", "keepass", "bitwarden"),
    *("veeam", "bitlocker", "defender"),
)
_SHORT = r"(?:[ \t](?:20\d\d|365|[1-9]\d?(?:\.\d{1,4}){0,3}))?"
_PATTERN = any_of((*_BROWSERS, *_OFFICE, *_TOGETHER, *_BUSINESS, *_TECHNICAL), behind=_SHORT)


def find_applications(material: Material, /) -> Iterator[Place]:
    """Give each with the number behind its name, in the order of the text."""
    return find_words(_PATTERN, material)
