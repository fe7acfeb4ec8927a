// The stamps of replication in both forms: a blob, or XML when it begins like it.
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "providers/ldap/accounts/replication.hpp"
#include "tests/fuzz/law.hpp"

using namespace fairway;
using fairway::fuzz::law;

namespace {

constexpr std::pair<std::uint32_t, std::string_view> numbers[] = {
    {0x90008, "userAccountControl"},
    {0x900DD, "sAMAccountName"},
    {0x9026B, "dNSHostName"},
    {0x90303, "servicePrincipalName"},
    {0x906FB, "msDS-AllowedToDelegateTo"},
    {0x90886, "msDS-AllowedToActOnBehalfOfOtherIdentity"}};

std::string number(std::uint64_t value, std::size_t size) {
    std::string out;
    for (; size > 0; --size, value >>= 8) out += static_cast<char>(value & 0xFF);
    return out;
}

std::string as_blob(const ldap::Stamps& stamps) {
    std::string out = number(1, 8) + number(stamps.size(), 8);
    for (const auto& [type, name] : numbers) {
        const auto found = stamps.find(name);
        if (found == stamps.end()) continue;
        const ldap::Stamp& stamp = found->second;
        out += number(type, 4) + number(stamp.version, 4);
        out += number(static_cast<std::uint64_t>(stamp.time + 11'644'473'600), 8);
        out.append(stamp.dsa.bytes.begin(), stamp.dsa.bytes.end());
        out +=
            number(static_cast<std::uint64_t>(stamp.usn), 8) + number(static_cast<std::uint64_t>(stamp.local_usn), 8);
    }
    return out;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c == '&') out += "&amp;";
        else if (c == '<') out += "&lt;";
        else out += c;
    return out;
}

std::string as_xml(std::string_view name, const ldap::Stamp& stamp, std::string_view server) {
    return fmt::format(
        "<DS_REPL_ATTR_META_DATA><pszAttributeName>{}</pszAttributeName><dwVersion>{}</dwVersion>"
        "<ftimeLastOriginatingChange>{}</ftimeLastOriginatingChange><uuidLastOriginatingDsaInvocationID>{}"
        "</uuidLastOriginatingDsaInvocationID><usnOriginatingChange>{}</usnOriginatingChange><usnLocalChange>{}"
        "</usnLocalChange><pszLastOriginatingDsaDN>{}</pszLastOriginatingDsaDN></DS_REPL_ATTR_META_DATA>",
        escaped(name), stamp.version, show_time(stamp.time), ldap::show_guid(stamp.dsa), stamp.usn, stamp.local_usn,
        escaped(server));
}

void check_stamps(const ldap::Stamps& stamps) {
    const auto from_blob = ldap::parse_property_meta_data(as_blob(stamps));
    law(from_blob && *from_blob == stamps, "stamps that are written as a blob are read as the same");
    std::vector<std::string> values;
    for (const auto& [name, stamp] : stamps) values.push_back(as_xml(name, stamp, ""));
    const auto from_xml = ldap::collect_stamps(values);
    law(from_xml && *from_xml == stamps, "stamps that are written as XML are read as the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    if (input.find("<D") == std::string_view::npos) {
        const auto read = ldap::parse_property_meta_data(input);
        if (!read) return law(!read.error().text.empty(), "every refusal has words"), 0;
        check_stamps(*read);
        return 0;
    }
    const auto read = ldap::parse_attribute_meta_data(input);
    const auto all = ldap::collect_stamps({std::string(input)});
    law(read.has_value() == all.has_value(), "a value is read in company as it is alone");
    if (!read) return law(!read.error().text.empty(), "every refusal has words"), 0;
    check_stamps(*all);
    const std::string text = as_xml(read->attribute, read->stamp, read->server);
    if (text.size() > 8192) return 0;
    const auto again = ldap::parse_attribute_meta_data(text);
    law(again && *again == *read, "a stamp that is written again is read as the same");
    return 0;
}
