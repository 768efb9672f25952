"""Words that mean the same kind of thing, written by hand: what one collection teaches of a word holds for its kin.

A model of a few collections knows their words. A new desk has others: it writes of Kubernetes where the collections
wrote of Solaris. In training the words of one list share a part of their weight, so that a word that few texts have, or
none, weighs what its kin do. In the trained model nothing is left of the lists: every word has one weight of its own.
The lists were written from general knowledge, by somebody who knew what the collections are about.
"""

from collections.abc import Mapping

_LISTS: Mapping[str, str] = {
    "device": """
        laptop notebook ultrabook desktop computer pc workstation monitor screen display keyboard mouse printer
        printing scanner scanning copier fax headset headphone earphone earbud webcam dock docking charger charging
        battery cable adapter usb hdmi displayport vga projector tablet iphone ipad macbook imac mac android smartphone
        handset cellphone modem motherboard mainboard ram cpu gpu ssd hdd harddisk toner cartridge bluetooth speaker
        microphone touchpad trackpad touchscreen thinkpad chromebook peripheral hardware device sensor barcode thermostat
        console joystick stylus kvm powerbank socket plug inkjet laserjet plotter beamer nfc rfid firmware""",
    "network": """
        vpn wifi wlan wireless network networking lan wan vlan ethernet internet intranet firewall dns dhcp proxy ping
        latency bandwidth packet subnet gateway router routing switch ssh ssl tls https http ftp sftp connection
        connectivity connect connecting connected disconnect disconnecting disconnected reconnect offline hotspot tcp
        udp nat radius captive ip ipv hostname traceroute telnet rdp citrix anyconnect broadband fibre dsl port tunnel
        ssid mtu snmp loadbalancer cdn domain mx nameserver openvpn wireguard signal roaming""",
    "system": """
        server database sql mysql postgres postgresql mongodb mariadb sqlite oracle linux ubuntu debian fedora redhat
        centos suse arch gentoo freebsd solaris unix macos osx windows ios kernel cluster node vm virtual virtualbox
        vmware hyperv hypervisor docker kubernetes pod container cloud aws azure gcp backup storage filesystem partition
        raid boot booting bootloader reboot rebooting restart restarted restarting rebooted bios uefi driver daemon
        memory log logs logfile cron systemd apache nginx php iis hadoop hdfs yarn spark kafka redis elasticsearch
        disk sysadmin infrastructure replication replica queue thread process buffer cache timestamp host hosting
        mount unmount nfs samba smb iops swap heap jvm gnome kde xorg grub shell bash terminal powershell registry
        mainframe tablespace schema shard index rollback failover uptime downtime monitoring grafana prometheus nagios
        splunk datacenter rack blade nas san tape snapshot restore recovery""",
    "software": """
        software app application program programme install installing installed installation installer uninstall
        reinstall update updating updated upgrade upgrading upgraded downgrade version release patch plugin addon
        extension browser chrome firefox safari edge explorer excel word powerpoint onenote office sharepoint onedrive
        dropbox jira confluence jenkins git github gitlab bitbucket svn cvs repository repo compile compiler compiling
        deploy deploying deployment api sdk json xml html css javascript typescript java python perl ruby rust golang
        scala kotlin swift class method function parameter argument variable exception stacktrace traceback null pointer
        config configuration configure configuring configured setting script scripting command code coding module
        package library dependency rpm deb apt yum npm pip maven gradle webpage website web webserver webhook url portal
        button dropdown menu dashboard export exporting import importing csv pdf docx xlsx upload uploading uploaded
        download downloading downloaded sync synchronise synchronize synchronisation synchronization syncing file folder
        directory path gui interface query ide eclipse tomcat unit debug debugging regex string encoding unicode utf zip
        archive format screenshot tab popup tool feature autocomplete syntax login crash parser render rendering widget
        template macro formula spreadsheet cookie pixel font toolbar checkbox workflow integration endpoint payload
        localhost build branch commit merge pipeline sap salesforce servicenow zendesk wordpress drupal magento shopify
        erp crm photoshop autocad acrobat zoom skype slack webex visio antivirus malware virus ransomware trojan
        encryption encrypt decrypt bitlocker algorithm compatibility compatible beta runtime framework frontend backend
        react angular django flask spring hibernate oauth saml token iframe css layout ui ux""",
    "account": """
        password passcode login logon logging signin username userid credential permission mfa authenticator
        authentication authenticate authenticating authorisation authorization ldap sso locked unlock lockout reset
        resetting expired admin administrator privilege activedirectory kerberos licence license captcha otp pin
        keychain phishing access account user""",
    "mailing": """
        outlook mailbox inbox smtp imap pop spam attachment thunderbird exchange sendmail postfix procmail dovecot gmail
        mailman webmail undeliverable ndr greylisting forwarding signature""",
    "broken": """
        error fail fails failed failing failure broken broke break breaks breaking crash crashes crashed crashing issue
        problem bug cannot stuck freeze freezes freezing frozen hang hangs hanging hung slow slowly slowness corrupt
        corrupted corruption invalid timeout unavailable unreachable outage wrong wrongly incorrect incorrectly missing
        refused denied blank warning malfunction malfunctioning unresponsive loop dead exception throws thrown glitch
        defect defective faulty flicker flickering flickers inaccessible garbled leak deadlock unexpected unexpectedly
        stopped stops damaged cracked overheating noisy jammed jams lost lag laggy lagging disappear disappeared
        unsuccessful truncated duplicate mismatch conflict overload degraded reproduce""",
    "repair": """
        fix fixed fixes fixing repair repaired repairing resolve resolving troubleshoot troubleshooting investigate
        investigating diagnose diagnosing configure setup enable enabling disable disabled replace replacement
        workaround solution technical technically technician helpdesk support supported grant provision whitelist
        migrate migration clone implement""",
    "money": """
        invoice payment pay paid paying payer payee refund refunded charge charged fee bank banking cash money price
        pricing cost bill billing billed transfer transferred balance transaction currency tax taxes vat salary credit
        debit loan mortgage dollar euro pound atm withdrawal withdraw deposit statement rate topup visa mastercard
        paypal overdraft reimbursement reimburse expense receipt income budget accounting ledger audit cheque check
        iban swift savings interest debt owed owe overdue remittance wage bonus funds fund financial finance accountant
        card instalment installment""",
    "buying": """
        purchase purchased purchasing buy buying bought order ordered ordering discount voucher coupon quote quotation
        deliver delivered delivery shipping shipped shipment parcel courier tracking vendor supplier procurement po sale
        sell selling seller shop product customer stock warehouse return returned exchange warranty retail wholesale
        gift item catalogue catalog brochure sample size colour color cart checkout basket""",
    "people": """
        leave holiday vacation sick sickness payroll timesheet hire hired hiring candidate interview resume cv job
        employee employer employment recruit recruiter recruiting recruitment benefits onboarding promotion maternity
        paternity overtime pension joiner leaver probation resignation resign appraisal hr staff personnel colleague
        career absence unpaid pto workplace payslip manager supervisor department headcount vacancy applicant
        internship intern training seminar course certificate workforce union retirement""",
    "legal": """
        contract agreement lawyer attorney legal court law counsel gdpr clause liability lawsuit settlement nda
        litigation compliance regulatory regulation insurance policy claim claimant insured patent copyright trademark
        plaintiff defendant statute tribunal solicitor subpoena notary termination terminate confidentiality consent
        deletion erasure tenancy lease landlord tenant rent""",
    "travel": """
        flight airline airport hotel seat boarding luggage baggage trip travel travelling traveling reservation passport
        visa rental taxi uber drive driving bus train booking booked book itinerary departure arrival airfare cruise
        tourist beach map route vacation ticket car vehicle""",
    "living": """
        restaurant pizza burger salad dinner lunch breakfast food recipe drink coffee tea beer wine meal cook cooking
        ingredient calorie weather temperature family wife husband kid child children mother father parent baby friend
        movie film music song concert game football soccer baseball basketball hockey team player coach party birthday
        wedding doctor nurse hospital patient medicine medical symptom dentist health healthy exercise gym school
        teacher student university college class house apartment furniture kitchen garden plant tree dog cat animal pet
        home love life weekend happy christmas girl women woman men sex fun joke tire oil engine clothes shoes dress hair
        skin beauty art artist painting novel poem""",
    "selling": """
        offer free click unsubscribe newsletter opportunity marketing guarantee guaranteed investment investor market
        million billion earn profit winner win prize lottery promo deal save bargain cheap adult weight loss viagra
        subscribe advertise advertising advertisement exclusive bonus brand campaign limited subscriber sponsor webinar
        partnership sponsor""",
    "meeting": """
        meeting schedule scheduled conference presentation discuss discussion agenda attend attendance attendee monday
        tuesday wednesday thursday friday saturday sunday tomorrow afternoon morning appointment calendar draft memo
        proposal comment review visit visitor tour invitation invite speaker event parking cleaning catering room""",
    "world": """
        government war president country political politics election state world history america american british
        church god religion religious christian muslim jewish bible iraq israel military army police gun economy
        economic society media news newspaper journalist company business industry gas power energy oil trading trade
        electricity science scientific space nasa moon planet physics chemistry biology evolution philosophy moral truth
        argument people human rights citizen congress senate minister party left vote""",
}

TECHNICAL = frozenset({"device", "network", "system", "software", "account", "mailing"})
"""Lists of things that a technical desk looks after; their words share one more part of their weight."""


def concepts_of(word: str) -> frozenset[str]:
    """The lists that a word is on, itself or in the singular, and "technical" where one of them is."""
    for form in (word, word.removesuffix("s"), word.removesuffix("es")):
        if form in _CONCEPTS:
            return _CONCEPTS[form]
    return frozenset()


def _by_word() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in _LISTS.items():
        for word in words.split():
            found.setdefault(word, set()).update({name, "technical"} if name in TECHNICAL else {name})
    return {word: frozenset(names) for word, names in found.items()}


_CONCEPTS = _by_word()

CONCEPT_WORDS = frozenset(_CONCEPTS)
CONCEPTS = (*_LISTS, "technical")
