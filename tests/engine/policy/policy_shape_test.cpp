// Bad policies, and the exact words that each of them gets. Every row has one or two mistakes.
#include <doctest/doctest.h>

#include "engine/policy/policy_document.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway::policy_shape_test {
namespace {

const std::string head = "policy: p\nowner: o\nwhy: w\n";

// The wants of such a rule stand in line 9, from column 7.
std::string rule_on(const std::string& on) {
    return head + "rules:\n  - id: r\n    why: w\n    on: " + on + "\n    want:\n";
}

// With what stands behind it in line 10.
std::string good() { return rule_on("hosts") + "      migration.authentication: kerberos\n"; }

const std::vector<Bad> host_wants = {
    {"migration.networks: {without: [10.*]}",
     {"9:27: `migration.networks` of rule `r` names no networks: `subnets` is required (a list of networks)",
      "9:28: unknown key `without` in `migration.networks` of rule `r`"}},
    {"migration.autentication: kerberos",
     {"9:7: unknown setting `migration.autentication` in rule `r` (did you mean "
      "`migration.authentication`?)"}},
    {"host.build: 20348", {"9:7: `host.build` is only read: no rule can want it"}},
    {"migration.enabled: yes", {"9:26: `migration.enabled` must be true or false: write true or false, not yes"}},
    {"migration.enabled: on", {"9:26: `migration.enabled` must be true or false: write true or false, not on"}},
    {"migration.enabled: \"true\"", {"9:26: `migration.enabled` must be true or false: write it without quotes"}},
    {"migration.enabled: maybe", {"9:26: `migration.enabled` must be true or false, not `maybe`"}},
    {"migration.enabled: {at_least: true}",
     {"9:27: `at_least` compares whole numbers, but `migration.enabled` holds one boolean"}},
    {"migration.enabled:", {"9:7: `migration.enabled` has no value: it must be true or false"}},
    {"migration.enabled: [true]", {"9:26: `migration.enabled` must be true or false, not a list"}},
    {"migration.authentication: ntlm",
     {"9:33: `migration.authentication` must be one of credssp, kerberos, not `ntlm`"}},
    {"migration.authentication: Kerberos",
     {"9:33: `migration.authentication` must be one of credssp, kerberos, not `Kerberos` (did you mean "
      "`kerberos`?)"}},
    {"migration.max_live: 4 migrations", {"9:27: `migration.max_live` counts migrations: write 4 alone"}},
    {"migration.max_live: 4GB",
     {"9:27: `migration.max_live` must be a whole number from 0 to 1000 migrations; `GB` is no unit of it"}},
    {"migration.max_live: 2.0",
     {"9:27: `migration.max_live` must be a whole number from 0 to 1000 migrations, not `2.0`"}},
    {"migration.max_live: 010",
     {"9:27: `migration.max_live` must be a whole number from 0 to 1000 migrations, not `010`"}},
    {"migration.max_live: +2",
     {"9:27: `migration.max_live` must be a whole number from 0 to 1000 migrations, not `+2`"}},
    {"migration.max_live: \"2\"", {"9:27: `migration.max_live` must be a number: write 2 without quotes"}},
    {"migration.max_live: 1001", {"9:27: `migration.max_live` must be from 0 to 1000 migrations, not 1001"}},
    {"migration.max_live: -1", {"9:27: `migration.max_live` must be from 0 to 1000 migrations, not -1"}},
    {"migration.max_live: 99999999999999999999",
     {"9:27: `migration.max_live` must be from 0 to 1000 migrations, not 99999999999999999999"}},
    {"migration.max_live: many",
     {"9:27: `migration.max_live` must be a whole number from 0 to 1000 migrations, not `many`"}},
    {"migration.max_live: {atleast: 2}",
     {"9:28: unknown comparator `atleast` in `migration.max_live` of rule `r` (did you mean `at_least`?)"}},
    {"migration.max_live: {include: 2}", {"9:28: unknown comparator `include` in `migration.max_live` of rule `r`"}},
    {"migration.max_live: {includes: 2}",
     {"9:28: `includes` compares sets, but `migration.max_live` holds one integer"}},
    {"migration.max_live: {}", {"9:27: `migration.max_live` of rule `r` has no comparator"}},
    {"migration.networks: all",
     {"9:27: `migration.networks` must be `any`, or a list of networks, or comparators, not `all`"}},
    {"migration.networks: [10.20.0.1/24]", {"9:28: `10.20.0.1/24` has host bits set: the network is 10.20.0.0/24"}},
    {"migration.networks: {subnets: [10.20.0.0]}",
     {"9:38: `10.20.0.0` has no prefix: write 10.20.0.0/32 if this one address is meant"}},
    {"migration.networks: {subnets: ['fd00:20::1/64']}",
     {"9:38: `fd00:20::1/64` has host bits set: the network is fd00:20::/64"}},
    {"migration.networks: {subnets: [10.20.0.0/33]}", {"9:38: `10.20.0.0/33` has no prefix from 0 to 32"}},
    {"migration.networks: {subnets: [0.0.0.0/0]}",
     {"9:38: `0.0.0.0/0` is every network: write `any` for all of IPv4 and IPv6"}},
    {"migration.networks: {subnets: [10.20.0.0/24, 10.20.0.0/24 metric 5]}",
     {"9:52: `10.20.0.0/24 metric 5` is here twice; first in line 9"}},
    {"migration.networks: {subnets: [10.20.0.0/24 metrics 5]}",
     {"9:38: `10.20.0.0/24 metrics 5` has something behind the network that is not ` metric N`"}},
    {"migration.networks: {subnets: [corp]}", {"9:38: `corp` is not a network like 10.20.0.0/24 or fd00:20::/64"}},
    {"migration.networks: {subnet: [10.20.0.0/24]}",
     {"9:28: unknown key `subnet` in `migration.networks` of rule `r` (did you mean `subnets`?)"}},
    {"migration.networks: {includes: []}", {"9:38: `migration.networks: {includes: []}` asks for nothing"}},
    {"migration.networks: {subnets: 10.20.0.0/24}", {"9:37: `subnets` must be a list of networks, not a plain value"}},
    {"delegation.unconstrained: false",
     {"9:7: `delegation.unconstrained` belongs to computers, but rule `r` is on hosts: give it a rule of "
      "its own"}},
    {"migration.enabled: {equals: true, equals: false}", {"9:41: the key `equals` is here twice; first in line 9"}},
};

const std::vector<Bad> computer_wants = {
    {"delegation.services: {include: {services: [cifs], of: peers}}",
     {"9:29: unknown comparator `include` in `delegation.services` of rule `r` (did you mean `includes`?)"}},
    {"delegation.services: {services: [cifs], of: peers}",
     {"9:29: `services` stands behind a comparator: `includes: {services: [cifs], of: peers}`",
      "9:47: `of` stands behind a comparator: `includes: {services: [cifs], of: peers}`"}},
    {"delegation.services: present",
     {"9:28: `delegation.services` must be a list of service principal names, or comparators, not a plain "
      "value"}},
    {"delegation.services: {includes: {services: [smb], of: peers}}",
     {"9:51: `services` must be one of cifs, migration, not `smb`"}},
    {"delegation.services: {includes: {services: [], of: peers}}",
     {"9:50: `services` is empty: it must name a service"}},
    {"delegation.services: {includes: {services: [cifs]}}",
     {"9:39: `includes` of `delegation.services` of rule `r` does not say whose names are meant: `of` is "
      "required (peers or self)"}},
    {"delegation.services: {includes: {services: [cifs], of: everyone}}",
     {"9:62: `of` must be one of peers, self, not `everyone`"}},
    {"delegation.services: {includes: [cifs]}",
     {"9:40: `cifs` is not a service principal name: class/host, as in cifs/HV01 or cifs/hv01.corp.example"}},
    {"delegation.services: {includes: [cifs/hv\xc3\xa4"
     "1]}",
     {"9:40: `cifs/hv\xc3\xa4"
      "1` holds a letter beyond ASCII: no client asks for such a name, and look-alikes are written so"}},
    {"delegation.services: {includes: ['cifs\\/HV01']}",
     {"9:40: `cifs\\/HV01` holds a backslash: write the name as the directory holds it, without escapes"}},
    {"delegation.services: {includes: [\"cifs/HV01\\t\"]}", {"9:40: `cifs/HV01\t` holds a control character"}},
    {"delegation.services: {includes: [cifs/HV01, CIFS/hv01]}", {"9:51: `CIFS/hv01` is here twice; first in line 9"}},
    {"delegation.allowed_principals: {includes: ['a/b']}",
     {"9:50: `a/b` is not the name of an account, as in HV01$ (a computer's ends in a dollar sign)"}},
    {"delegation.allowed_principals: ['HV01$@B.example']",
     {"9:39: `HV01$@B.example` names no domain behind the `@`: a full DNS name in lower case, as in "
      "HV01$@other.example"}},
    {"delegation.services: {without: [ldap]}",
     {"9:39: `ldap` is not a pattern of service principal names: class/host with * and ?, as in ldap/*"}},
    {"delegation.services: {without: ['ldap\\/*']}",
     {"9:39: `ldap\\/*` holds a backslash or a control character, and no service principal name does"}},
    {"delegation.services: {without: []}", {"9:38: `without` is empty: it must name what is not to be there"}},
    {"delegation.services: {without: [ldap/*, LDAP/*]}", {"9:47: `LDAP/*` is in `without` twice; first in line 9"}},
    {"delegation.services: {without: {services: [cifs], of: peers}}",
     {"9:38: `without` of `delegation.services` of rule `r` names no classes: `vanished` is required (a list of "
      "classes)",
      "9:39: unknown key `services` in `without` of `delegation.services` of rule `r`",
      "9:57: unknown key `of` in `without` of `delegation.services` of rule `r`"}},
    {"delegation.services: {without: {vanished: []}}",
     {"9:49: `vanished` is empty: it must name a class (`without: vanished` is about all of them)"}},
    {"delegation.services: {without: {vanished: [cifs/*]}}",
     {"9:50: `cifs/*` is no class: leave out the `/` and what follows it"}},
    {"delegation.services: {without: vanishd}",
     {"9:38: `without` must be `vanished`, or a list of patterns like ldap/*, not `vanishd` (did you mean "
      "`vanished`?)"}},
    {"delegation.services: {without: [ldap/*, vanished]}",
     {"9:47: `vanished` stands alone, as `without: vanished`; patterns go into a rule of their own"}},
    {"delegation.services: {within: vanished}",
     {"9:37: `within` must be a list of service principal names, or comparators, not a plain value"}},
    {"delegation.services: vanished",
     {"9:28: `delegation.services` must be a list of service principal names, or comparators, not a plain value"}},
    {"delegation.vanished: []", {"9:7: `delegation.vanished` is only read: no rule can want it"}},
    {"spn.migration: {without: vanished}",
     {"9:32: `without` must be a list of patterns like ldap/*, not a plain value"}},
    {"delegation.services: {at_most: 3}",
     {"9:29: `at_most` compares whole numbers, but `delegation.services` holds one set"}},
    {"spn.migration: presnt",
     {"9:22: `spn.migration` must be `present`, or a list of service principal names, or comparators, not "
      "`presnt` (did you mean `present`?)"}},
    {"spn.migration: [cifs/HV01]",
     {"9:23: `spn.migration` holds names of the class Microsoft Virtual System Migration Service only; "
      "`cifs/HV01` is none"}},
    {"spn.migration: {includes: {services: [cifs], of: self}}", {"9:45: `services` must be `migration`, not `cifs`"}},
    {"spn.migration: {includes: {services: [migration], of: peers}}", {"9:61: `of` must be `self`, not `peers`"}},
    {"migration.enabled: true",
     {"9:7: `migration.enabled` belongs to hosts, but rule `r` is on computers: give it a rule of its own"}},
};

const std::vector<Bad> rule_lists = {
    {"rules:\n", {"4:1: `rules` has no value: it must be a list of rules"}},
    {"rules: []\n", {"4:8: `rules` is empty: a policy needs a rule"}},
    {"rules: {id: x}\n", {"4:8: `rules` must be a list of rules, not a map"}},
    {"rules:\n"
     "  - x\n",
     {"5:5: an element of `rules` must be a map with `id`, `why`, `on` and `want`, not a plain value"}},
    {"rules:\n"
     "  -\n",
     {"6:1: an element of `rules` has no value: it must be a map with `id`, `why`, `on` and `want`"}},
    {"rules:\n"
     "  - why: w\n"
     "    on: hosts\n"
     "    want: {migration.enabled: true}\n",
     {"5:5: a rule has no name: `id` is required (unique in the policy)"}},
    {"rules:\n"
     "  - id: r\n"
     "    on: hosts\n"
     "    want: {migration.enabled: true}\n",
     {"5:5: rule `r` has no reason: `why` is required (every rule says why)"}},
    {"rules:\n"
     "  - id: r\n"
     "    why: ' '\n"
     "    on: hosts\n"
     "    want: {migration.enabled: true}\n",
     {"6:10: `why` is empty: it must be a sentence"}},
    {"rules:\n"
     "  - id: r\n"
     "    why: w\n"
     "    want: {migration.enabled: true}\n",
     {"5:5: rule `r` does not say where it holds: `on` is required (hosts, computers, or a map with tag, "
      "migration_domain, name, hosts or except)"}},
    {"rules:\n"
     "  - {id: r, why: w, on: hosts}\n",
     {"5:5: rule `r` wants nothing: `want` is required (settings and their values)"}},
    {"rules:\n"
     "  - {id: r, why: w, on: hosts, want: {}}\n",
     {"5:38: rule `r` wants nothing: `want` names no setting"}},
    {"rules:\n"
     "  - {id: r, why: w, on: hosts, want: kerberos}\n",
     {"5:38: `want` must be a map of settings and their values, not a plain value"}},
    {"rules:\n"
     "  - {id: r, why: w, on: host, want: {migration.enabled: true}}\n",
     {"5:25: `on` must be hosts, or computers, or a map with `tag`, `migration_domain`, `name`, `hosts` or `except`, "
      "not `host` (did you mean `hosts`?)"}},
    {"rules:\n"
     "  - {id: r, why: w, on: {tags: a}, want: {migration.enabled: true}}\n",
     {"5:26: unknown key `tags` in `on` of rule `r` (did you mean `tag`?)"}},
    {"rules:\n"
     "  - {id: r, why: w, on: {tag: a, migration_domain: b}, want: {migration.enabled: true}}\n",
     {"5:25: `on` of rule `r` must have exactly one of: `tag`, or `migration_domain`, or `name`, or `hosts`, or "
      "`except`"}},
    {"rules:\n"
     "  - {id: r, why: w, on: {hosts: []}, want: {migration.enabled: true}}\n",
     {"5:33: `hosts` is empty: it must name a host"}},
    {"rules:\n"
     "  - {id: r, why: w, on: {except: [HV01, HV0*, hv01]}, want: {migration.enabled: true}}\n",
     {"5:41: `HV0*` is not a host name: 1 to 15 letters, digits and hyphens",
      "5:47: `hv01` is in `except` twice; first in line 5"}},
    {"rules:\n"
     "  - {id: r, why: w, on: {name: HV_*}, want: {migration.enabled: true}}\n",
     {"5:32: `HV_*` is not a pattern of host names: letters, digits, hyphens, * and ?"}},
    {"rules:\n"
     "  - {id: r, why: w, severity: severe, on: hosts, want: {migration.enabled: true}}\n",
     {"5:31: `severity` must be one of low, medium, high, critical, not `severe`"}},
    {"rules:\n"
     "  - {id: r, why: w, on: hosts, want: {migration.enabled: true}}\n"
     "  - {id: r, why: w, on: hosts, want: {migration.enabled: true}}\n",
     {"6:10: rule `r` is here twice; first in line 5"}},
    {"rules:\n"
     "  - {id: a rule, why: w, on: hosts, want: {migration.enabled: true}}\n",
     {"5:10: `a rule` is not a name: up to 64 letters, digits, dots, hyphens and underscores, a letter or "
      "digit first"}},
    {"rules:\n"
     "  - {id: 1.10, why: yes, on: hosts, want: {migration.enabled: true}}\n",
     {"5:10: `id` must be a name; some readers of YAML take 1.10 for a number: put it in quotes",
      "5:21: `why` must be a sentence; some readers of YAML take yes for true or false: put it in quotes"}},
    {"rules:\n"
     "  - {id: r, why: w, on: hosts, wants: {migration.enabled: true}}\n",
     {"5:32: unknown key `wants` in rule `r` (did you mean `want`?)"}},
};

const std::vector<Bad> tails = {
    {"exceptions:\n"
     "  - {host: HV09, setting: migration.authentication, owner: o, reason: r}\n",
     {"11:5: the exception for HV09 has no end: `until` is required (RFC 3339 with a zone)"}},
    {"exceptions:\n"
     "  - {host: HV09, setting: migration.authentication, owner: o, reason: r, until: 2026-12-15}\n",
     {"11:81: `2026-12-15` is a day without a time: write it as 2026-12-15T22:00:00+01:00 (RFC 3339)"}},
    {"exceptions:\n"
     "  - {host: HV09, setting: migration.authentication, owner: o, reason: r, until: 2026-12-15T22:00:00}\n",
     {"11:81: `2026-12-15T22:00:00` has no zone: put Z (UTC) or an offset like +01:00 behind it"}},
    {"exceptions:\n"
     "  - {host: HV09, setting: migration.authentication, owner: o, reason: r, until: 2026-02-29T22:00:00Z}\n",
     {"11:81: `2026-02-29T22:00:00Z` is a day that does not exist"}},
    {"exceptions:\n"
     "  - {host: HV09, rule: s, setting: migration.authentication, owner: o, reason: r, until: 2026-12-15T22:00:00Z}\n",
     {"11:24: unknown rule `s` in the exception for HV09 (did you mean `r`?)"}},
    {"exceptions:\n"
     "  - {host: HV09, setting: migration.autentication, owner: o, reason: r, until: 2026-12-15T22:00:00Z}\n",
     {"11:27: unknown setting `migration.autentication` in the exception for HV09 (did you mean "
      "`migration.authentication`?)"}},
    {"exceptions:\n"
     "  - {host: HV09, rule: r, setting: migration.enabled, owner: o, reason: r, until: 2026-12-15T22:00:00Z}\n",
     {"11:36: the exception for HV09 covers nothing: rule `r` never wants `migration.enabled`"}},
    {"exceptions:\n"
     "  - {host: HV09, setting: host.build, owner: o, reason: r, until: 2026-12-15T22:00:00Z}\n",
     {"11:27: unknown setting `host.build` in the exception for HV09"}},
    {"exceptions:\n"
     "  - {setting: migration.authentication, reason: r, until: 2026-12-15T22:00:00Z}\n",
     {"11:5: an exception names no host: `host` is required (a host of the inventory)",
      "11:5: an exception has no owner: `owner` is required (somebody is responsible for every exception)"}},
    {"exceptions:\n"
     "  - &a {host: HV09, setting: migration.authentication, owner: o, reason: r, until: 2026-12-15T22:00:00Z}\n"
     "  - *a\n",
     {"11:5: anchors (&) and aliases (*) are not understood here: write the value out where it is used",
      "12:5: anchors (&) and aliases (*) are not understood here: write the value out where it is used"}},
    {"exceptions:\n"
     "  - {host: HV09, setting: migration.authentication, owner: o, reason: r, until: 2026-12-15T22:00:00Z}\n"
     "  - {host: hv09, setting: migration.authentication, owner: o, reason: r, until: 2026-12-15T22:00:00Z}\n",
     {"12:5: a second exception for hv09 and `migration.authentication`; the first is in line 11"}},
    {"rollout: {limits: {hosts: 110%}}\n",
     {"10:27: `hosts` must be a share like 50% or a number of hosts from 0 to 100000, not `110%`"}},
    {"rollout: {limits: {hosts: half}}\n",
     {"10:27: `hosts` must be a share like 50% or a number of hosts from 0 to 100000, not `half`"}},
    {"rollout: {require: tested}\n", {"10:20: `require` must be `probed`, not `tested`"}},
    {"rollout: {limits: {risk: none, paths_closed: -1}}\n",
     {"10:26: `risk` must be one of low, medium, high, critical, not `none`",
      "10:46: `paths_closed` must be a share like 50% or a number of paths from 0 to 1000000000, not `-1`"}},
    {"rollout: {canary: 0}\n", {"10:19: `canary` must be from 1 to 100000 hosts, not 0"}},
    {"rollout: {canary: {hosts: []}}\n", {"10:27: `hosts` is empty: the canary names no host"}},
    {"rollout: {canary: {hosts: [HV01], tag: pilot}}\n",
     {"10:19: `canary` of `rollout` of the policy must have exactly one of: `hosts`, or `tag`"}},
    {"rollout: {waves: [0%, rest, 25%]}\n",
     {"10:19: a wave of 0% changes no host",
      "10:29: no host is left for the wave `25%`: `rest` takes all, so it stands last"}},
    {"rollout: {waves: [half], order: luck, pause_minutes: 10081}\n",
     {"10:19: `waves` must be a share like 25%, a number of hosts from 1 to 100000, or `rest`, not `half`",
      "10:33: `order` must be `paths`, `name`, `migration_domain`, or a map with `tags`, not `luck`",
      "10:54: `pause_minutes` must be from 0 to 10080 minutes, not 10081"}},
    {"rollout: {order: {}, per: estate}\n",
     {"10:18: `order` of `rollout` of the policy names no tags: `tags` is required (a list of tags of the inventory)",
      "10:18: `order` is of waves, and there are none: `canary` and `waves` say which",
      "10:27: `per` is of waves, and there are none: `canary` and `waves` say which"}},
    {"rollout: {limit: {hosts: 1}}\n",
     {"10:11: unknown key `limit` in `rollout` of the policy (did you mean `limits`?)"}},
    {"verify: {moves: {pairs: ring}}\n",
     {"10:17: the trial moves name no VM: `vm` is required (a small VM that Fairway may move)"}},
    {"verify: {moves: {vm: canary, pairs: rings, storage: yes}}\n",
     {"10:37: `pairs` must be one of ring, all, sample, not `rings` (did you mean `ring`?)",
      "10:53: `storage` must be true, false or `alternate`, not `yes`"}},
    {"verify: {moves: {vm: [], id: canary, max_memory_mb: 0}}\n",
     {"10:22: `vm` is empty: the trial moves name no VM",
      "10:30: `canary` is not a GUID like 6d1f6a52-3c0e-4e6b-9c6e-0f1a1dca9a01, without braces",
      "10:53: `max_memory_mb` must be from 1 to 1048576 MB, not 0"}},
    {"verify: {moves: {vm: [a, b], id: 6d1f6a52-3c0e-4e6b-9c6e-0f1a1dca9a01, sample: 2}}\n",
     {"10:34: `id` is of one VM, and `vm` names several; name the one alone",
      "10:80: `sample` is for `pairs: sample`, and `pairs` says otherwise"}},
    {"polcy: x\n", {"10:1: unknown key `polcy` in the policy (did you mean `policy`?)"}},
    {"policy: x\n", {"10:1: the key `policy` is here twice; first in line 1"}},
    {"---\n"
     "policy: x\n",
     {"10:1: a second document begins here: one file holds one document"}},
    {"extra: {a: 1}\n", {"10:1: unknown key `extra` in the policy"}},
};

const std::vector<Bad> documents = {
    {"", {"0:0: the policy is empty: it must be a policy: a map with `policy`, `owner`, `why` and `rules`"}},
    {"policy: p\n",
     {"1:1: the policy has no owner: `owner` is required (who is responsible for it)",
      "1:1: the policy has no reason: `why` is required (what the standard is for)",
      "1:1: the policy has no rules: `rules` is required (a list of rules)"}},
    {"[]\n", {"1:1: this must be a policy: a map with `policy`, `owner`, `why` and `rules`, not a list"}},
    {"policy: p\n"
     "owner:\n"
     "why: \"\"\n"
     "rules: []\n",
     {"2:1: `owner` has no value: it must be a person or a team that is responsible for it",
      "3:6: `why` is empty: it must be a sentence", "4:8: `rules` is empty: a policy needs a rule"}},
    {"policy: p\n"
     "\towner: x\n",
     {"2:1: a tab in the indentation: YAML indents with blanks"}},
    {"policy: my policy\n"
     "owner: o\n"
     "why: One standard: for all\n"
     "rules: []\n",
     {"3:18: a `:` is not allowed here: a text that holds `: ` needs quotes; or is the line indented unlike "
      "its neighbours?"}},
    {"policy: 42\n"
     "owner: !!str o\n"
     "why: w\n"
     "rules: []\n",
     {"2:8: tags are not understood here: leave `!!str` out"}},
};

void refuse(const std::vector<Bad>& rows, const std::string& before, const std::string& after) {
    for (const Bad& row : rows) {
        CAPTURE(row.piece);
        CHECK(said(load_policy(before + row.piece + after, "p.yaml")) == row.said);
    }
}

}  // namespace

TEST_CASE("a rule's wants are refused in words, at their place") {
    refuse(host_wants, rule_on("hosts") + "      ", "\n");
    refuse(computer_wants, rule_on("computers") + "      ", "\n");
}

TEST_CASE("rules and what stands behind them are refused in words, at their place") {
    refuse(rule_lists, head, "");
    refuse(tails, good(), "");
    refuse(documents, "", "");
}

TEST_CASE("every mistake of a policy is told at once, in the order of the lines") {
    const auto policy = load_policy(rule_on("hosts") + "      migration.enabled: yes\n      host.build: 1\n" +
                                        "exceptions:\n  - {host: HV09, rule: q, owner: o, reason: r}\nextra: x\n",
                                    "p.yaml");
    CHECK(said(policy) ==
          std::vector<std::string>{
              "9:26: `migration.enabled` must be true or false: write true or false, not yes",
              "10:7: `host.build` is only read: no rule can want it",
              "12:5: the exception for HV09 names no setting: `setting` is required (the one setting that may deviate)",
              "12:5: the exception for HV09 has no end: `until` is required (RFC 3339 with a zone)",
              "12:24: unknown rule `q` in the exception for HV09 (did you mean `r`?)",
              "13:1: unknown key `extra` in the policy",
          });
}

}  // namespace fairway::policy_shape_test
