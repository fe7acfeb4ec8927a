// See cause_table.hpp. Sources: KB4558514 is Microsoft's "Troubleshoot live migration issues"; errors are of winerror.h
// and [MS-ERREF] unless a row says more. What no source shows for Hyper-V stands as `weak`.
#include "engine/diagnosis/cause_table.hpp"

#include <algorithm>
#include <array>

namespace fairway {
namespace {

constexpr std::array cause_rows = {
    // Credentials.
    CauseRow{"auth-delegation", "the source has no credentials for the destination",
             "compare delegation, protocol transition and authentication of the source with `fairway explain`; after a "
             "change in the "
             "directory wait 15 minutes, or run `klist purge -li 0x3e7` on the source"},
    CauseRow{"delegation-missing", "the source may not delegate to the destination's cifs and migration service",
             "plan the missing delegation targets", "auth-delegation", "delegation"},
    CauseRow{"protocol-transition-off",
             "the source may not use any authentication protocol, so a move that is started remotely "
             "finds no credentials",
             "turn protocol transition on for the source, or start the move while signed on at the source",
             "auth-delegation", "protocol transition"},
    CauseRow{"caller-not-delegable", "the account that starts the move may not be delegated",
             "use an account that is not in Protected Users and not marked sensitive", "auth-delegation", "caller"},
    CauseRow{"krbtgt-not-delegable",
             "the account krbtgt is marked as not delegated, so the domain gives no ticket that can be passed on",
             "take the mark \"sensitive and cannot be delegated\" from krbtgt", "auth-delegation"},
    CauseRow{"credssp-no-logon", "the source uses CredSSP, and nobody is signed on there",
             "bring the source to Kerberos, or start the move while signed on at the source", "auth-delegation"},
    CauseRow{"fresh-change", "delegation was changed a moment ago, and the source still remembers the refusal",
             "wait 15 minutes, or run `klist purge -li 0x3e7` on the source", "auth-delegation"},
    CauseRow{"authentication", "the two hosts do not use the same authentication, or the source uses CredSSP",
             "bring both hosts to Kerberos", "auth-delegation", "authentication"},
    CauseRow{"credential-guard", "Credential Guard runs at the source, where CredSSP then has no credentials",
             "bring both hosts to Kerberos", "auth-delegation", "credentials"},
    CauseRow{"other-domain", "the hosts are in different domains, and delegation does not reach across",
             "use resource-based delegation, or keep moves inside the domain", "auth-delegation", "domain"},
    CauseRow{"spn", "the destination does not prove itself by the name that the source asked for",
             "check the names with `fairway spn`, and that DNS leads to that host; restart vmms where it could not "
             "register its names"},
    CauseRow{"spn-missing", "no account has the destination's service principal name", "register the missing names",
             "spn", "service names"},
    CauseRow{"spn-duplicate", "more than one account has the destination's service principal name",
             "`fairway spn` shows who; take the name from the wrong account", "spn"},
    CauseRow{"name-elsewhere", "the destination's name leads to another host or account",
             "correct DNS, or the name of the account", "spn", "directory name"},
    CauseRow{"account-disabled", "an account of one of the hosts is disabled", "enable the account", "auth-delegation",
             "accounts"},
    CauseRow{"caller-refused", "the account that starts the move is disabled, locked, expired or restricted",
             "correct the account, or use another one"},
    CauseRow{"logon-denied", "the destination refused the logon",
             "check the caller's rights at the destination and the host names"},
    CauseRow{"no-domain-controller", "no domain controller was reached, or the trust is broken",
             "check DNS, port 88 and the trust from that host"},
    CauseRow{"clock-skew", "the clocks of the host and of its domain controller differ by more than 5 minutes",
             "correct the time service of that host"},
    CauseRow{"encryption-type", "the account and the domain controller have no encryption type in common",
             "allow AES for the account and set its password again"},
    CauseRow{"channel-binding", "the server asks for channel binding, and the client sends none", "update the client"},
    CauseRow{"certificate-expired", "a TLS certificate of WinRM or LDAPS has expired", "renew the certificate"},
    CauseRow{"access-denied", "the caller lacks a right at one of the hosts",
             "the caller needs Hyper-V Administrators at both hosts; for moves that are started remotely check "
             "protocol transition too"},
    CauseRow{"storage-access-denied", "a host account may not use the VM's files",
             "give the computer accounts of both hosts full control of the share and of the folder, and delegate cifs "
             "of the file server"},
    CauseRow{"logon-as-service-right", "NT VIRTUAL MACHINE\\Virtual Machines may not log on as a service there",
             "correct the group policy that lists who may log on as a service (KB2779204), then `gpupdate /force`"},
    CauseRow{"sid-unresolvable", "the account that made the VM resolves to no name at the destination",
             "update both hosts; until then move with quick migration or import the VM anew"},
    // Network.
    CauseRow{"listener-refused", "the destination refuses connections to port 6600: nothing listens at that address",
             "turn live migration on at the destination and let its migration networks cover the address"},
    CauseRow{"migration-off", "live migration is off at one of the hosts", "turn live migration on there",
             "listener-refused", "migration on"},
    CauseRow{"network-mismatch", "the hosts have no migration network in common", "correct the migration networks",
             "listener-refused", "network"},
    CauseRow{"port-filtered", "the destination does not answer on port 6600",
             "check firewalls and routes between the two hosts"},
    CauseRow{
        "address-missing",
        "the destination does not listen on an address that its networks admit: vmms started before the host had it",
        "restart vmms on that host", "listener-refused"},
    CauseRow{"connection-reset", "the connection broke off",
             "read the other host's events first; then check firewall and adapters"},
    CauseRow{"timed-out", "data stopped arriving", "check the migration network between the two hosts"},
    CauseRow{"limit-reached", "the host runs as many moves as it may", "wait until one ends, or raise the limit", "",
             "limit"},
    CauseRow{"slow-network", "the move succeeded with a long blackout",
             "use a faster migration network, or compression"},
    // Destination and VM.
    CauseRow{"memory-short", "the destination has too little memory", "free memory there, or choose another host"},
    CauseRow{
        "processor-differs", "the processors or their security features differ",
        "start the VM cold on the older host with processor compatibility, and bring both hosts to the same patches"},
    CauseRow{"vtpm-certificates", "the destination lacks the certificates of the VM's virtual TPM",
             "export the guardian's certificates at the source and import them at the destination"},
    CauseRow{"disk-missing", "a virtual disk or an ISO image is missing at the destination",
             "eject images, move the disk along"},
    CauseRow{"saved-state", "the saved state does not fit the destination", "discard the saved state"},
    CauseRow{"configuration-version", "the destination does not know the VM's configuration version",
             "move to the same or a later release"},
    CauseRow{"path-missing", "the VM's path does not exist at the destination",
             "use the same drive letters and paths on every host"},
    CauseRow{"smb-name-case", "the move over SMB fails because the host's ComputerName is not in upper case",
             "correct ComputerName in the registry"},
    CauseRow{"switch-missing", "the destination has no virtual switch of that name", "make or rename the switch there"},
    CauseRow{"switch-disconnected", "the virtual switch at the destination is not connected", "connect the switch"},
    CauseRow{"cluster-owner", "the host does not own the clustered VM",
             "move it through the cluster; check its possible owners"},
    CauseRow{"cluster-network", "the cluster's network is down or not for clients", "check it with Get-ClusterNetwork"},
    CauseRow{"wmi-unsupported", "a WMI call is not supported there", "report it: the call is this program's"},
    // The way to the hosts.
    CauseRow{"winrm-unreachable", "WinRM does not answer",
             "start the service, make its listener, open port 5985 or 5986"},
    CauseRow{"winrm-timeout", "WinRM did not answer in time", "check the firewall and its network profile"},
    CauseRow{"winrm-name", "the host's name does not resolve", "correct DNS"},
    CauseRow{"winrm-trust", "WinRM trusts neither Kerberos nor the name",
             "use the host's full name, so that Kerberos is used"},
    CauseRow{"winrm-authentication", "WinRM's authentication failed",
             "check the names HTTP and WSMAN of the host with `fairway spn`"},
    CauseRow{"winrm-other-server", "another server answers on WinRM's port",
             "free the port, or give `port:` in the inventory"},
    CauseRow{"winrm-refused", "remote access is off there",
             "run winrm quickconfig; set the network profile to domain or private"},
    CauseRow{"winrm-quota", "a quota of WinRM is used up", "wait a little, or raise the quota"},
};

constexpr std::string_view troubleshoot = "KB4558514", headers = "winerror.h";

constexpr std::array code_rows = {
    CodeCause{0x8009030E, "SEC_E_NO_CREDENTIALS", "auth-delegation", Proof::family, troubleshoot},
    CodeCause{0x8009030D, "SEC_E_UNKNOWN_CREDENTIALS", "auth-delegation", Proof::family, troubleshoot},
    CodeCause{0x80090303, "SEC_E_TARGET_UNKNOWN", "spn-missing", Proof::strong, "two reports"},
    CodeCause{0x80090322, "SEC_E_WRONG_PRINCIPAL", "spn", Proof::family, troubleshoot},
    CodeCause{0x8009030C, "SEC_E_LOGON_DENIED", "logon-denied", Proof::strong, headers},
    CodeCause{0x80090311, "SEC_E_NO_AUTHENTICATING_AUTHORITY", "no-domain-controller", Proof::strong,
              "SecAuthN, SSPI status codes"},
    CodeCause{0x80090324, "SEC_E_TIME_SKEW", "clock-skew", Proof::strong, headers},
    CodeCause{0x80090328, "SEC_E_CERT_EXPIRED", "certificate-expired", Proof::strong, "Schannel error codes"},
    CodeCause{0x80090342, "SEC_E_KDC_UNKNOWN_ETYPE", "encryption-type", Proof::strong, headers},
    CodeCause{0x80090346, "SEC_E_BAD_BINDINGS", "channel-binding", Proof::strong, "SecAuthN, SSPI status codes"},
    CodeCause{0x80070005, "E_ACCESSDENIED", "access-denied", Proof::family, troubleshoot},
    CodeCause{0x80070569, "ERROR_LOGON_TYPE_NOT_GRANTED", "logon-as-service-right", Proof::strong, "KB2779204"},
    CodeCause{0x8007052F, "ERROR_ACCOUNT_RESTRICTION", "logon-as-service-right", Proof::strong, troubleshoot},
    CodeCause{0x80070534, "ERROR_NONE_MAPPED", "sid-unresolvable", Proof::strong, "Azure Local troubleshooting guide"},
    CodeCause{0x8007274D, "WSAECONNREFUSED", "listener-refused", Proof::family, troubleshoot},
    CodeCause{0x8007274C, "WSAETIMEDOUT", "port-filtered", Proof::strong, troubleshoot},
    CodeCause{0x80072741, "WSAEADDRNOTAVAIL", "address-missing", Proof::strong, "one report"},
    CodeCause{0x80072746, "WSAECONNRESET", "connection-reset", Proof::consequence, troubleshoot},
    CodeCause{0x80072745, "WSAECONNABORTED", "connection-reset", Proof::consequence, headers},
    CodeCause{0x8007271D, "WSAEACCES", "port-filtered", Proof::strong, troubleshoot},
    CodeCause{0x800705B4, "ERROR_TIMEOUT", "timed-out", Proof::weak, "one report"},
    CodeCause{0x80071398, "ERROR_HOST_NODE_NOT_GROUP_OWNER", "cluster-owner", Proof::strong, troubleshoot},
    CodeCause{0x000013AB, "cluster error 5035", "cluster-network", Proof::strong, troubleshoot},
    CodeCause{0x8007000E, "E_OUTOFMEMORY", "memory-short", Proof::strong, troubleshoot},
    CodeCause{0x800705AA, "ERROR_NO_SYSTEM_RESOURCES", "memory-short", Proof::strong, troubleshoot},
    CodeCause{0x80048054, "Hyper-V compatibility error", "processor-differs", Proof::strong, troubleshoot},
    CodeCause{0x80070057, "E_INVALIDARG", "vtpm-certificates", Proof::weak, "two reports"},
    CodeCause{0xC03A0014, "ERROR_VIRTDISK_PROVIDER_NOT_FOUND", "disk-missing", Proof::strong, troubleshoot},
    CodeCause{0xC0370027, "ERROR_VID_SAVED_STATE_CORRUPT", "saved-state", Proof::strong, troubleshoot},
    CodeCause{0x80042001, "Hyper-V storage error", "smb-name-case", Proof::strong, troubleshoot},
    CodeCause{0x8007000D, "ERROR_INVALID_DATA", "smb-name-case", Proof::weak, troubleshoot},
    CodeCause{0x80070003, "ERROR_PATH_NOT_FOUND", "path-missing", Proof::strong, troubleshoot},
    CodeCause{0x80070002, "ERROR_FILE_NOT_FOUND", "path-missing", Proof::weak, headers},
    CodeCause{0x80041024, "WBEM_E_PROVIDER_NOT_CAPABLE", "wmi-unsupported", Proof::strong, "WMI error constants"},
    CodeCause{0x80338012, "ERROR_WSMAN_DESTINATION_UNREACHABLE", "winrm-unreachable", Proof::strong, "wsmerror.h"},
    CodeCause{0x80338126, "ERROR_WSMAN_NETWORK_TIMEDOUT", "winrm-timeout", Proof::strong, "wsmerror.h"},
    CodeCause{0x803381B9, "ERROR_WSMAN_NAME_NOT_RESOLVED", "winrm-name", Proof::strong, "wsmerror.h"},
    CodeCause{0x803380E4, "ERROR_WSMAN_SERVER_NOT_TRUSTED", "winrm-trust", Proof::strong, "wsmerror.h"},
    CodeCause{0x803380E5, "ERROR_WSMAN_EXPLICIT_CREDENTIALS_REQUIRED", "winrm-trust", Proof::strong, "wsmerror.h"},
    CodeCause{0x80338036, "ERROR_WSMAN_FAILED_AUTHENTICATION", "winrm-authentication", Proof::strong, "wsmerror.h"},
    CodeCause{0x803381F0, "ERROR_WSMAN_MUTUAL_AUTH_FAILED", "winrm-authentication", Proof::strong, "wsmerror.h"},
    CodeCause{0x8033810B, "ERROR_WSMAN_KERBEROS_IPADDRESS", "winrm-trust", Proof::strong, "wsmerror.h"},
    CodeCause{0x80338113, "ERROR_WSMAN_HTTP_NOT_FOUND_STATUS", "winrm-other-server", Proof::strong, "wsmerror.h"},
    CodeCause{0x80338112, "ERROR_WSMAN_HTTP_SERVICE_UNAVAILABLE_STATUS", "winrm-other-server", Proof::strong,
              "wsmerror.h"},
    CodeCause{0x803381DD, "ERROR_WSMAN_SERVICE_REMOTE_ACCESS_DISABLED", "winrm-refused", Proof::strong, "wsmerror.h"},
    CodeCause{0x80338169, "ERROR_WSMAN_PUBLIC_FIREWALL_PROFILE_ACTIVE", "winrm-refused", Proof::strong, "wsmerror.h"},
    CodeCause{0x803381BA, "ERROR_WSMAN_SSL_CONNECTION_ABORTED", "winrm-unreachable", Proof::strong, "wsmerror.h"},
    CodeCause{0x80338029, "ERROR_WSMAN_OPERATION_TIMEDOUT", "winrm-timeout", Proof::strong, "wsmerror.h"},
    CodeCause{0x8033803F, "ERROR_WSMAN_QUOTA_LIMIT", "winrm-quota", Proof::strong, "wsmerror.h"},
    CodeCause{0x803381A6, "ERROR_WSMAN_QUOTA_MAX_OPERATIONS", "winrm-quota", Proof::strong, "wsmerror.h"},
    CodeCause{0x803381A7, "ERROR_WSMAN_QUOTA_USER", "winrm-quota", Proof::strong, "wsmerror.h"},
    // Known by name only.
    CodeCause{0x00000001, "ERROR_INVALID_FUNCTION", ""},
    CodeCause{0x80070020, "ERROR_SHARING_VIOLATION", ""},
    CodeCause{0x80004005, "E_FAIL", ""},
    CodeCause{0x8000FFFF, "E_UNEXPECTED", ""},
    CodeCause{0x80070490, "ERROR_NOT_FOUND", ""},
};

constexpr std::string_view vmms = "Hyper-V-VMMS", worker = "Hyper-V-Worker", cluster = "Hyper-V-High-Availability";
constexpr std::string_view kerberos_client = "Security-Kerberos", kdc = "Kerberos-Key-Distribution-Center",
                           winrm = "WinRM";
constexpr std::string_view migration_service_name = "Microsoft Virtual System Migration Service";

constexpr std::array event_rows = {
    EventRow{vmms, 20413, Role::start},
    EventRow{vmms, 20415, Role::done},
    EventRow{vmms, 20417, Role::done},
    EventRow{vmms, 21024, Role::silent},
    EventRow{vmms, 21026, Role::silent, {}, {}, true},
    EventRow{vmms, 20100, Role::carries, {}, {}, true},
    EventRow{vmms, 14050, Role::says, "spn", migration_service_name},
    EventRow{vmms, 18012, Role::noise},
    EventRow{vmms, 18014, Role::noise},
    EventRow{vmms, 19100, Role::noise},
    EventRow{vmms, 10698, Role::says, "configuration-version"},
    EventRow{vmms, 20406, Role::carries, "winrm-unreachable"},
    EventRow{vmms, 20960, Role::noise},
    EventRow{worker, 18590, Role::noise},
    EventRow{cluster, 21501, Role::carries, "limit-reached"},
    EventRow{cluster, 21125, Role::says, "switch-missing"},
    EventRow{cluster, 21145, Role::says, "switch-disconnected"},
    EventRow{cluster, 21158, Role::says, "switch-missing"},
    EventRow{cluster, 21159, Role::says, "switch-missing"},
    EventRow{cluster, 21126, Role::says, "cluster-network"},
    EventRow{cluster, 21122, Role::noise},
    EventRow{cluster, 21123, Role::noise},
    EventRow{cluster, 21140, Role::noise},
    EventRow{kerberos_client, 4, Role::says, "spn"},
    EventRow{kerberos_client, 5, Role::says, "clock-skew"},
    EventRow{kerberos_client, 100, Role::says, "spn-missing"},
    EventRow{kerberos_client, 101, Role::says, "spn-duplicate"},
    EventRow{kerberos_client, 200, Role::says, "no-domain-controller"},
    EventRow{kdc, 11, Role::says, "spn-duplicate"},
    EventRow{kdc, 14, Role::says, "encryption-type"},
    EventRow{kdc, 16, Role::says, "encryption-type"},
    EventRow{kdc, 26, Role::says, "encryption-type"},
    EventRow{kdc, 27, Role::says, "encryption-type"},
    EventRow{winrm, 137, Role::says, "winrm-name"},
    EventRow{winrm, 138, Role::says, "winrm-timeout"},
    EventRow{winrm, 142, Role::carries},
};

constexpr std::array kdc_rows = {
    KdcRow{0x7, "KDC_ERR_S_PRINCIPAL_UNKNOWN", "spn-missing", Proof::strong},
    KdcRow{0x8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE", "spn-duplicate", Proof::strong},
    KdcRow{0xC, "KDC_ERR_POLICY", "caller-refused", Proof::strong},
    KdcRow{0xD, "KDC_ERR_BADOPTION", "auth-delegation", Proof::family},
    KdcRow{0xE, "KDC_ERR_ETYPE_NOTSUPP", "encryption-type", Proof::strong},
    KdcRow{0x12, "KDC_ERR_CLIENT_REVOKED", "caller-refused", Proof::strong},
    KdcRow{0x20, "KRB_AP_ERR_TKT_EXPIRED", ""},
    KdcRow{0x21, "KRB_AP_ERR_TKT_NYV", "clock-skew", Proof::strong},
    KdcRow{0x25, "KRB_AP_ERR_SKEW", "clock-skew", Proof::strong},
    KdcRow{0x29, "KRB_AP_ERR_MODIFIED", "spn", Proof::strong},
};

}  // namespace

std::string_view name(Proof proof) {
    constexpr std::array<std::string_view, 4> words = {"consequence", "weak", "family", "strong"};
    return words[static_cast<std::size_t>(proof)];
}

std::span<const CauseRow> cause_table() { return cause_rows; }
std::span<const CodeCause> code_table() { return code_rows; }
std::span<const EventRow> event_table() { return event_rows; }
std::span<const KdcRow> kdc_table() { return kdc_rows; }

const CauseRow& cause_row(std::string_view id) {
    return *std::find_if(cause_rows.begin(), cause_rows.end(), [&](const CauseRow& row) { return row.id == id; });
}

const CauseRow* cause_of_condition(std::string_view condition, bool has_fix) {
    // No setting helps a host that does not listen where it should.
    if (condition == "network" && !has_fix) return &cause_row("address-missing");
    const auto it = std::find_if(cause_rows.begin(), cause_rows.end(),
                                 [&](const CauseRow& row) { return row.condition == condition; });
    return it == cause_rows.end() || condition.empty() ? nullptr : &*it;
}

const CodeCause* find_code(std::uint32_t code) {
    const auto it =
        std::find_if(code_rows.begin(), code_rows.end(), [&](const CodeCause& row) { return row.code == code; });
    return it == code_rows.end() ? nullptr : &*it;
}

}  // namespace fairway
