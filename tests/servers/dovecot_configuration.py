"""The configuration of the suite's Dovecot, 2.3 or 2.4: every path below one folder, no chroots, no delays."""

import shutil
import subprocess
from functools import cache


def dovecot_binary() -> str:
    """Debian keeps it where only root looks."""
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


@cache
def dialect() -> str:
    """Which of the two ways to write a configuration this machine's Dovecot reads: each refuses the other's."""
    told = subprocess.run([dovecot_binary(), "--version"], capture_output=True, text=True, check=True, timeout=60)
    return "2.3" if told.stdout.startswith("2.3.") else "2.4"


COMMON = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
mail_max_userip_connections = 200
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
  # without a socket for it, refused log-ins are not slowed down
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
{extra}
"""

OWN = {
    "2.3": """\
ssl_cert = <{chain}
ssl_key = <{key}
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
""",
    "2.4": """\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
ssl_server_cert_file = {chain}
ssl_server_key_file = {key}
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/Maildir
passdb static {{
  mechanisms_filter = plain login
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home/%{{user}}
  }}
}}
""",
}
"""What must come first, and what each says in words of its own."""

OAUTH = {
    "2.3": """
passdb {{
  driver = oauth2
  mechanisms = {mechanisms}
  args = {folder}/oauth2.conf
}}
""",
    "2.4": """
oauth2 {{
  introspection_mode = local
  username_attribute = email
  username_validation_format = %{{user | lower}}
  issuers = {issuer}
  scope = {scope}
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = {folder}/keys/
      }}
    }}
  }}
}}
""",
}
"""Tokens are believed that a key of the folder has signed; 2.3 reads the rest of it in that file."""

OAUTH_FILE = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = email
username_format = %Lu
issuers = {issuer}
scope = {scope}
"""


def configuration() -> str:
    """A pattern for `str.format`."""
    return OWN[dialect()] + COMMON
