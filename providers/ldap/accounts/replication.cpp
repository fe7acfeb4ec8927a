// See replication.hpp. Facts: LDAP-18 and LDAP-19.
#include "providers/ldap/accounts/replication.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/identity/bytes.hpp"

namespace fairway::ldap {
namespace {

// ATTRTYP by the default prefix table (MS-DRSR 5.16.4): prefix 9 is 1.2.840.113556.1.4, the low 16 bits are what
// follows. These are attributes of the base schema, which keep these numbers in every forest.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 6> replicated_attributes = {{
    {0x00090008, "userAccountControl"},
    {0x000900DD, "sAMAccountName"},
    {0x0009026B, "dNSHostName"},
    {0x00090303, "servicePrincipalName"},
    {0x000906FB, "msDS-AllowedToDelegateTo"},
    {0x00090886, "msDS-AllowedToActOnBehalfOfOtherIdentity"},
}};

constexpr std::int64_t from_1601_to_1970 = 11'644'473'600;
constexpr std::uint64_t last_dstime = 265'046'774'399;  // 9999-12-31T23:59:59Z
constexpr std::size_t blob_head = 16, blob_entry = 48, most_entries = 4096;
constexpr std::size_t most_xml_bytes = 8192, most_elements = 32;

tl::unexpected<Error> broken_blob(std::string_view what) {
    return fail(Code::protocol, fmt::format("replPropertyMetaData makes no sense: {}", what));
}

tl::unexpected<Error> broken_xml(std::string_view what) {
    return fail(Code::protocol, fmt::format("msDS-ReplAttributeMetaData makes no sense: {}", what));
}

std::string_view by_name(std::string_view name) {
    for (const auto& row : replicated_attributes)
        if (text::same_folded(row.second, name)) return row.second;
    return {};
}

// PROPERTY_META_DATA: ATTRTYP, version, DSTIME, GUID and two USNs.
Result<Stamp> read_stamp(std::string_view entry) {
    constexpr std::size_t version = 4, time = 8, dsa = 16, usn = 32, local_usn = 40;
    Stamp out;
    out.version = little<std::uint32_t>(entry, version);
    const auto seconds = from_dstime(little<std::uint64_t>(entry, time));
    if (!seconds) return broken_blob("a time beyond the year 9999");
    out.time = *seconds;
    out.dsa = parse_guid(entry.substr(dsa, usn - dsa)).value_or(Guid{});
    out.usn = little<std::int64_t>(entry, usn);
    out.local_usn = little<std::int64_t>(entry, local_usn);
    if (out.usn < 0 || out.local_usn < 0) return broken_blob("a negative USN");
    return out;
}

template <class Number>
std::optional<Number> decimal(std::string_view text) {
    return text.starts_with('-') ? std::nullopt : text::number<Number>(text);
}

// "2017-06-01T08:30:00Z", as seconds since 1970; no other form of ISO 8601.
std::optional<std::int64_t> timestamp(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00Z";
    if (text.size() != form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return std::nullopt;
    const auto field = [&](std::size_t at, std::size_t length) {
        return decimal<unsigned>(text.substr(at, length)).value_or(0);
    };
    namespace chrono = std::chrono;
    const chrono::year_month_day date(chrono::year(static_cast<int>(field(0, 4))), chrono::month(field(5, 2)),
                                      chrono::day(field(8, 2)));
    const unsigned hour = field(11, 2), minute = field(14, 2), second = field(17, 2);
    if (!date.ok() || date.year() < chrono::year(1601) || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const std::int64_t days = chrono::sys_days(date).time_since_epoch().count();
    return days * 86'400 + hour * 3'600 + minute * 60 + second;
}

// The flat list of elements, and nothing else of XML: no attributes, no comments, no declarations, no depth.
class FlatXml {
public:
    explicit FlatXml(std::string_view xml) : rest_(xml) {}

    void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
    bool at_end() const { return rest_.empty(); }

    bool take(std::string_view literal) {
        if (!rest_.starts_with(literal)) return false;
        rest_.remove_prefix(literal.size());
        return true;
    }

    // <name>text</name> or <name/>; empty if that is not what comes.
    std::optional<std::pair<std::string_view, std::string_view>> element() {
        if (!take("<")) return std::nullopt;
        const std::string_view name = rest_.substr(0, std::min(rest_.find_first_of("/>"), rest_.size()));
        if (name.empty() || !std::all_of(name.begin(), name.end(), letter)) return std::nullopt;
        rest_.remove_prefix(name.size());
        if (take("/>")) return std::pair(name, std::string_view());
        if (!take(">")) return std::nullopt;
        const std::string_view inside = rest_.substr(0, std::min(rest_.find('<'), rest_.size()));
        rest_.remove_prefix(inside.size());
        if (!take("</") || !take(name) || !take(">")) return std::nullopt;
        return std::pair(name, inside);
    }

private:
    static bool letter(char c) { return text::is_alnum(c) || c == '_' || c == '-'; }

    std::string_view rest_;
};

// The five names of XML. Whether Active Directory writes them is not known, so an '&' of any other sort stays.
std::string unescaped(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 5> names = {
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    std::string out;
    while (!text.empty()) {
        const auto* const name =
            std::find_if(names.begin(), names.end(), [&](const auto& row) { return text.starts_with(row.first); });
        out += name == names.end() ? text.front() : name->second;
        text.remove_prefix(name == names.end() ? 1 : name->first.size());
    }
    return out;
}

using Fields = std::map<std::string_view, std::string_view>;

Result<Fields> read_fields(std::string_view xml) {
    constexpr std::string_view open = "<DS_REPL_ATTR_META_DATA>", close = "</DS_REPL_ATTR_META_DATA>";
    if (xml.size() > most_xml_bytes) return broken_xml("a value of more than 8192 bytes");
    // Windows counts the NUL behind its text.
    if (xml.ends_with('\0')) xml.remove_suffix(1);
    FlatXml in(xml);
    in.blanks();
    if (!in.take(open)) return broken_xml("no DS_REPL_ATTR_META_DATA");
    Fields out;
    for (in.blanks(); !in.take(close); in.blanks()) {
        const auto element = in.element();
        if (!element || out.size() == most_elements) return broken_xml("not a flat list of elements");
        if (!out.insert(*element).second) return broken_xml("an element comes twice");
    }
    in.blanks();
    if (!in.at_end()) return broken_xml("something follows its end");
    return out;
}

}  // namespace

std::optional<std::int64_t> from_dstime(std::uint64_t seconds) {
    if (seconds > last_dstime) return std::nullopt;
    return static_cast<std::int64_t>(seconds) - from_1601_to_1970;
}

// PROPERTY_META_DATA_VECTOR: version 1, count, entries; both numbers are followed by four bytes of padding.
Result<Stamps> parse_property_meta_data(std::string_view blob) {
    if (blob.size() < blob_head) return broken_blob("it is cut short");
    if (little<std::uint32_t>(blob, 0) != 1) return broken_blob("it is not of version 1");
    const std::size_t count = little<std::uint32_t>(blob, 8);
    if (count > most_entries || blob.size() != blob_head + count * blob_entry)
        return broken_blob(fmt::format("{} bytes are not {} stamps", blob.size(), count));
    Stamps out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view entry = blob.substr(blob_head + i * blob_entry, blob_entry);
        const auto type = little<std::uint32_t>(entry, 0);
        const auto* const row = std::find_if(replicated_attributes.begin(), replicated_attributes.end(),
                                             [&](const auto& one) { return one.first == type; });
        if (row == replicated_attributes.end()) continue;
        const auto stamp = read_stamp(entry);
        if (!stamp) return tl::unexpected(stamp.error());
        if (!out.emplace(row->second, *stamp).second) return broken_blob("an attribute comes twice");
    }
    return out;
}

Result<NamedStamp> parse_attribute_meta_data(std::string_view xml) {
    const auto fields = read_fields(xml);
    if (!fields) return tl::unexpected(fields.error());
    const auto field = [&](std::string_view name) {
        const auto found = fields->find(name);
        return found == fields->end() ? std::string_view() : found->second;
    };
    const auto wrong = [&](std::string_view name) {
        return broken_xml(fmt::format("its {} is `{}`", name, text::printable(text::whole(field(name), 60))));
    };
    const auto version = decimal<std::uint32_t>(field("dwVersion"));
    const auto time = timestamp(field("ftimeLastOriginatingChange"));
    const auto dsa = parse_guid_text(field("uuidLastOriginatingDsaInvocationID"));
    const auto usn = decimal<std::int64_t>(field("usnOriginatingChange"));
    const auto local_usn = decimal<std::int64_t>(field("usnLocalChange"));
    if (field("pszAttributeName").empty()) return wrong("pszAttributeName");
    if (!version) return wrong("dwVersion");
    if (!time) return wrong("ftimeLastOriginatingChange");
    if (!dsa) return wrong("uuidLastOriginatingDsaInvocationID");
    if (!usn) return wrong("usnOriginatingChange");
    if (!local_usn) return wrong("usnLocalChange");
    return NamedStamp{.attribute = unescaped(field("pszAttributeName")),
                      .stamp = {*version, *time, *dsa, *usn, *local_usn},
                      .server = unescaped(field("pszLastOriginatingDsaDN"))};
}

Result<Stamps> collect_stamps(const std::vector<std::string>& values) {
    if (values.size() > most_entries) return broken_xml("too many values");
    Stamps out;
    for (const std::string& value : values) {
        auto read = parse_attribute_meta_data(value);
        if (!read) return tl::unexpected(read.error());
        const std::string_view name = by_name(read->attribute);
        if (!name.empty() && !out.emplace(name, read->stamp).second) return broken_xml("an attribute comes twice");
    }
    return out;
}

}  // namespace fairway::ldap
