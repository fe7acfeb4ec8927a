// Is each assumption about the directory refuted, alone, by a domain that is otherwise; and left open where nothing was
// shown? What a sound domain answers is made here; Samba's own answers are judged by tests/lab/tests/assume_test.py.
#include "providers/ldap/contact/assumptions.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <functional>
#include <set>

#include "providers/ldap/wire/searches.hpp"
#include "tests/providers/ldap/descriptors.hpp"
#include "tests/providers/ldap/hex.hpp"

namespace fairway::ldap::assumptions_test {
namespace {

using Values = std::vector<std::string>;

constexpr const char *domain = "corp.example", *account_dn = "CN=HV02,OU=Hyper-V,DC=corp,DC=example";

Entry entry(std::string dn, std::vector<Attribute> attributes) { return {std::move(dn), std::move(attributes)}; }
Answered answered(std::vector<Entry> entries) { return {std::move(entries), {1}}; }

// PROPERTY_META_DATA of one attribute.
std::string stamp(std::uint32_t attribute, std::uint32_t version, std::size_t local_usn) {
    using sample::number_bytes;
    return number_bytes(attribute, 4) + number_bytes(version, 4) + number_bytes(0x32113f0cd, 8) +
           from_hex("c715f01ae3cae34a939930ff6ce340c6") + number_bytes(90, 8) + number_bytes(local_usn, 8);
}
std::string blob(std::initializer_list<std::string> stamps) {
    std::string out = from_hex("01000000 00000000") + sample::number_bytes(stamps.size(), 8);
    for (const std::string& one : stamps) out += one;
    return out;
}
constexpr std::uint32_t flags = 0x00090008, account_name_number = 0x000900DD;

std::string stamp_as_xml(std::string_view attribute, std::string_view version) {
    return fmt::format(
        "<DS_REPL_ATTR_META_DATA><pszAttributeName>{}</pszAttributeName><dwVersion>{}</dwVersion>"
        "<ftimeLastOriginatingChange>2026-11-22T21:34:05Z</ftimeLastOriginatingChange>"
        "<uuidLastOriginatingDsaInvocationID>1af015c7-cae3-4ae3-9399-30ff6ce340c6</uuidLastOriginatingDsaInvocationID>"
        "<usnOriginatingChange>90</usnOriginatingChange><usnLocalChange>90</usnLocalChange>"
        "<pszLastOriginatingDsaDN></pszLastOriginatingDsaDN></DS_REPL_ATTR_META_DATA>",
        attribute, version);
}

Values names_of_host() {
    Values out;
    for (const char* service : {"HOST", "Microsoft Virtual System Migration Service", "Hyper-V Replica Service",
                                "Microsoft Virtual Console Service"})
        for (const char* name : {"HV02", "hv02.corp.example"}) out.push_back(fmt::format("{}/{}", service, name));
    out.emplace_back("HOST/old02.corp.example");
    return out;
}

Entry schema_of(const char* attribute) {
    return entry(fmt::format("CN={},CN=Schema", attribute), {{"lDAPDisplayName", {attribute}},
                                                             {"attributeSyntax", {"2.5.5.12"}},
                                                             {"oMSyntax", {"64"}},
                                                             {"searchFlags", {"0"}}});
}

// DC01 of the lab to a machine in Stockholm, as Samba 4.17 answers.
std::string pong() {
    return from_hex(
        "17 00 00 00 bd 11 00 00 be c9 41 c8 b8 ac 58 4d 9f 95 77 38 0d 11 e9 37 04 63 6f 72 70 07 65 78 61 6d 70 6c "
        "65 "
        "00 c0 18 04 64 63 30 31 c0 18 04 43 4f 52 50 00 04 44 43 30 31 00 00 09 53 74 6f 63 6b 68 6f 6c 6d 00 c0 3c "
        "05 00 00 00 ff ff ff ff");
}

Heard sound() {
    Heard out{domain, "HV02", "hv02.corp.example", {}, TicketSeen{}};
    const auto put = [&](Subject subject, std::vector<Entry> entries) {
        out.answers.insert_or_assign(subject, answered(std::move(entries)));
    };
    const std::string settings = "CN=DC01,CN=Servers,CN=Stockholm,CN=Sites,CN=Configuration,DC=corp,DC=example";
    const Values names = names_of_host();
    put(Subject::root,
        {entry("", {{"currentTime", {"20261129140002.0Z"}}, {"supportedControl", {"1.2.840.113556.1.4.319"}}})});
    put(Subject::root_of_strangers, {entry("", {{"currentTime", {"20261129140001.0Z"}}})});
    put(Subject::ping, {entry("", {{"Netlogon", {pong()}}})});
    put(Subject::account_by_name, {entry(account_dn, {})});
    put(Subject::account,
        {entry(account_dn, {{"sAMAccountName", {"HV02$"}},
                            {"dNSHostName", {"hv02.corp.example"}},
                            {"servicePrincipalName", names},
                            {"objectSid", {sid_bytes(sample::sid(1104))}},
                            {"primaryGroupID", {"515"}},
                            {"tokenGroups", {sid_bytes(sample::sid(515)), sid_bytes(sample::sid(1200))}},
                            {"accountExpires", {"9223372036854775807"}},
                            {"uSNChanged", {"95"}},
                            {"replPropertyMetaData", {blob({stamp(flags, 2, 95), stamp(account_name_number, 1, 91)})}},
                            {"msDS-User-Account-Control-Computed", {"0"}},
                            {"msDS-AdditionalDnsHostName", {"old02.corp.example"}},
                            {"msDS-AllowedToActOnBehalfOfOtherIdentity", {from_hex(sample::two_hosts)}}})});
    put(Subject::secret, {entry(account_dn, {{"sAMAccountName", {"HV02$"}}})});
    put(Subject::other_case, {entry(account_dn, {})});
    put(Subject::first_slice, {entry(account_dn, {{"servicePrincipalName;range=0-0", {names.front()}}})});
    put(Subject::other_slices,
        {entry(account_dn, {{"servicePrincipalName;range=1-*", Values(names.begin() + 1, names.end())}})});
    put(Subject::stamps_as_xml,
        {entry(account_dn, {{"msDS-ReplAttributeMetaData", {stamp_as_xml("userAccountControl", "2")}}})});
    put(Subject::schema,
        {schema_of("msDS-AllowedToDelegateTo"), schema_of("servicePrincipalName"), schema_of("dNSHostName")});
    put(Subject::controllers, {entry("CN=DC01", {{"dNSHostName", {"dc01.corp.example"}},
                                                 {"servicePrincipalName", {"ldap/DC01.corp.example/corp.example"}}})});
    put(Subject::servers,
        {entry(settings, {{"dNSHostName", {"dc01.corp.example"}}, {"serverReference", {"CN=DC01"}}})});
    put(Subject::server_settings, {entry("CN=NTDS Settings," + settings, {})});
    put(Subject::forest_settings, {entry("CN=Directory Service", {{"sPNMappings", {"host=alerter,cifs,http"}}})});
    put(Subject::partitions, {entry("CN=Partitions", {})});
    put(Subject::deleted_container, {entry("CN=Deleted Objects,DC=corp", {{"objectGUID", {"a guid"}}})});
    put(Subject::deleted, {entry("CN=HV09\\0ADEL:1,CN=Deleted Objects,DC=corp", {{"isDeleted", {"TRUE"}}})});
    put(Subject::catalogue, {entry(account_dn, {})});
    return out;
}

std::map<std::string_view, Judgement> judged(const Heard& heard) {
    std::map<std::string_view, Judgement> out;
    for (const AssumptionRow& row : assumption_rows()) out.emplace(row.fact, row.judge(heard));
    return out;
}

std::set<std::string_view> facts_that(const Heard& heard, Tried state) {
    std::set<std::string_view> out;
    for (const auto& [fact, judgement] : judged(heard))
        if (judgement.state == state) out.insert(fact);
    return out;
}

// The values of one attribute of the first entry.
Values& at(Heard& heard, Subject subject, std::string_view attribute) {
    Entry& entry = heard.answers.at(subject).entries->front();
    for (Attribute& one : entry.attributes)
        if (one.name == attribute) return one.values;
    return entry.attributes.emplace_back(Attribute{std::string(attribute), {}}).values;
}

void forget(Heard& heard, Subject subject, std::string_view attribute) {
    std::erase_if(heard.answers.at(subject).entries->front().attributes,
                  [&](const Attribute& one) { return one.name == attribute; });
}

void lose_name(Heard& heard, std::string_view name) {
    std::erase(at(heard, Subject::account, "servicePrincipalName"), name);
    at(heard, Subject::other_slices, "servicePrincipalName;range=1-*").pop_back();
}

struct Way {
    std::string_view fact;
    std::function<void(Heard&)> make_otherwise;
};
const Way ways[] = {
    {"LDAP-1", [](Heard& all) { at(all, Subject::schema, "attributeSyntax") = {"2.5.5.5"}; }},
    {"LDAP-1", [](Heard& all) { all.answers.at(Subject::other_case) = answered({}); }},
    {"LDAP-7", [](Heard& all) { at(all, Subject::account, "uSNChanged") = {"94"}; }},
    {"LDAP-8", [](Heard& all) { at(all, Subject::secret, "unicodePwd") = {"x"}; }},
    {"LDAP-8", [](Heard& all) { all.answers.at(Subject::secret).entries = fail(Code::denied, "no"); }},
    {"LDAP-11", [](Heard& all) { at(all, Subject::other_slices, "servicePrincipalName;range=1-*").pop_back(); }},
    {"LDAP-11", [](Heard& all) { all.answers.at(Subject::first_slice) = answered({entry(account_dn, {})}); }},
    {"LDAP-15",
     [](Heard& all) { at(all, Subject::account, "msDS-AllowedToActOnBehalfOfOtherIdentity")[0].pop_back(); }},
    {"LDAP-18", [](Heard& all) { at(all, Subject::account, "replPropertyMetaData") = {blob({stamp(flags, 2, 95)})}; }},
    {"LDAP-19",
     [](Heard& all) {
         at(all, Subject::stamps_as_xml, "msDS-ReplAttributeMetaData") = {stamp_as_xml("userAccountControl", "3")};
     }},
    {"LDAP-21", [](Heard& all) { forget(all, Subject::account, "replPropertyMetaData"); }},
    {"LDAP-22", [](Heard& all) { forget(all, Subject::servers, "dNSHostName"); }},
    {"LDAP-22", [](Heard& all) { all.answers.at(Subject::servers).entries->front().dn = "CN=DC02"; }},
    {"LDAP-23", [](Heard& all) { all.answers.at(Subject::catalogue) = answered({}); }},
    {"LDAP-24", [](Heard& all) { lose_name(all, "HOST/old02.corp.example"); }},
    {"LDAP-27", [](Heard& all) { lose_name(all, "HOST/HV02"); }},
    {"LDAP-27", [](Heard& all) { all.answers.at(Subject::schema).entries->back().attributes.back().values = {"1"}; }},
    {"LDAP-32", [](Heard& all) { all.answers.at(Subject::ping) = answered({}); }},
    {"LDAP-33", [](Heard& all) { at(all, Subject::ping, "Netlogon")[0].pop_back(); }},
    {"LDAP-33",
     [](Heard& all) {
         all.domain = "other.example";
         at(all, Subject::controllers, "servicePrincipalName") = {"ldap/dc01.corp.example/other.example"};
     }},
    {"LDAP-34", [](Heard& all) { at(all, Subject::controllers, "servicePrincipalName") = {"ldap/dc01.corp.example"}; }},
    {"LDAP-34", [](Heard& all) { all.ticket = TicketSeen{.status = 7}; }},
    {"LDAP-35", [](Heard& all) { all.ticket = TicketSeen{.status = 68}; }},
    {"LDAP-38", [](Heard& all) { all.answers.at(Subject::deleted_container) = answered({}); }},
    {"LDAP-39",
     [](Heard& all) {
         at(all, Subject::partitions, "msDS-EnabledFeature") = {"CN=Recycle Bin Feature,CN=Optional Features"};
     }},
    {"LDAP-40", [](Heard& all) { at(all, Subject::account, "msDS-User-Account-Control-Computed") = {"8388608"}; }},
    {"LDAP-40", [](Heard& all) { forget(all, Subject::account, "msDS-User-Account-Control-Computed"); }},
    {"LDAP-41",
     [](Heard& all) {
         at(all, Subject::account, "tokenGroups").erase(at(all, Subject::account, "tokenGroups").begin());
     }},
    {"LDAP-42", [](Heard& all) { at(all, Subject::account, "accountExpires") = {"1767225600"}; }},
    {"LDAP-43", [](Heard& all) { at(all, Subject::root, "currentTime") = {"20261129150002.0Z"}; }},
    {"LDAP-43", [](Heard& all) { forget(all, Subject::root_of_strangers, "currentTime"); }},
    {"WMI-70", [](Heard& all) { lose_name(all, "Hyper-V Replica Service/hv02.corp.example"); }},
    {"WMI-71", [](Heard& all) { at(all, Subject::forest_settings, "sPNMappings") = {"host=alerter,http"}; }},
};

}  // namespace

TEST_CASE("a sound domain holds all that is assumed of it") {
    for (const auto& [fact, judgement] : judged(sound())) {
        CAPTURE(fact);
        CAPTURE(judgement.saw);
        CHECK(judgement.state == Tried::holds);
    }
}

TEST_CASE("each assumption about the directory is refuted alone") {
    std::set<std::string_view> refutable;
    for (const Way& way : ways) {
        CAPTURE(way.fact);
        Heard heard = sound();
        way.make_otherwise(heard);
        CHECK(facts_that(heard, Tried::refuted) == std::set<std::string_view>{way.fact});
        refutable.insert(way.fact);
    }
    for (const AssumptionRow& row : assumption_rows()) CHECK_MESSAGE(refutable.contains(row.fact), row.fact);
}

TEST_CASE("what was not answered refutes nothing") {
    const Heard nothing{domain, "HV02", "hv02.corp.example", {}, {}};
    CHECK(facts_that(nothing, Tried::untried).size() == assumption_rows().size());
    Heard lost = sound();
    for (auto& [subject, answer] : lost.answers) answer.entries = fail(Code::unreachable, "gone");
    lost.ticket = Result<TicketSeen>(fail(Code::unreachable, "gone"));
    CHECK(facts_that(lost, Tried::untried).size() == assumption_rows().size());
}

TEST_CASE("a hidden container with hidden contents is as assumed; an empty one shows nothing") {
    Heard hidden = sound();
    hidden.answers.at(Subject::deleted_container) = answered({});
    hidden.answers.at(Subject::deleted) = answered({});
    CHECK(judge::deleted_objects(hidden).state == Tried::holds);
    Heard empty = sound();
    empty.answers.at(Subject::deleted) = answered({entry("CN=Deleted Objects,DC=corp", {})});
    CHECK(judge::deleted_objects(empty).state == Tried::untried);
}

}  // namespace fairway::ldap::assumptions_test
