// See networks.hpp. Facts: WMI-35 to WMI-37.
#include "providers/wmi/hyperv/networks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>

#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/model/migration_settings.hpp"
#include "providers/wmi/hyperv/codec.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view tag_user = "Microsoft:UserManaged";
constexpr std::string_view tag_any = "Microsoft:UserManagedAllNetworks";
constexpr std::string_view metric_word = " metric ";

// No display texts, as with the service's setting (codec.cpp).
constexpr std::array network_types = {
    TypeRow{"InstanceID", "string"}, TypeRow{"SubnetNumber", "string"}, TypeRow{"PrefixLength", "uint8"},
    TypeRow{"Metric", "uint32"},     TypeRow{"Tags", "string", true},
};

bool has_tag(const cim::Instance& instance, std::string_view tag) {
    const auto tags = instance.list("Tags");
    return std::any_of(tags.begin(), tags.end(), [&](const std::string& t) { return text::same_folded(t, tag); });
}

Result<std::string> element_of(const cim::Instance& instance) {
    if (has_tag(instance, tag_any)) return std::string(setting::any_network);
    const auto prefix = instance.integer("PrefixLength");
    const auto metric = instance.integer("Metric");
    if (!prefix) return tl::unexpected(prefix.error());
    if (!metric) return tl::unexpected(metric.error());
    const std::string base = instance.text("SubnetNumber").value_or("");
    const auto subnet = parse_subnet(fmt::format("{}/{}", text::trim(base), prefix->value_or(999)));
    if (!subnet)
        return fail(Code::protocol, fmt::format("a migration network of the host is `{}` with prefix length {}, which "
                                                "is no subnet; remove it there by hand",
                                                base, *prefix ? std::to_string(**prefix) : "missing"));
    std::string out = show(*subnet);
    if (metric->value_or(0) != 0) out += fmt::format("{}{}", metric_word, **metric);
    return out;
}

struct Parsed {
    Subnet subnet;
    std::optional<std::uint32_t> metric;
};

std::optional<Parsed> parse_element(std::string_view element) {
    const std::string_view key = key_of(Key::first_word, element);
    const auto subnet = parse_subnet(key);
    if (!subnet) return std::nullopt;
    Parsed out{*subnet, std::nullopt};
    std::string_view rest = element.substr(key.size());
    if (rest.empty()) return out;
    if (!rest.starts_with(metric_word)) return std::nullopt;
    rest.remove_prefix(metric_word.size());
    out.metric = text::number<std::uint32_t>(rest);
    return out.metric ? std::optional(out) : std::nullopt;
}

auto no_element(std::string_view element) {
    return fail(Code::bad_input, fmt::format("`{}` is no migration network; write any, or address/prefix with "
                                             "` metric N` behind it if wanted",
                                             element));
}

// No InstanceID: the host makes it (WMI-37). Metric only where it was named (WMI-36).
cim::Instance object_of(const Subnet& subnet, std::optional<std::uint32_t> metric, std::string_view tag) {
    cim::Instance out{std::string(class_row(Source::migration_network).name), {}};
    out.properties.push_back(cim::scalar("SubnetNumber", "string", show(subnet.base)));
    out.properties.push_back(cim::scalar("PrefixLength", "uint8", std::to_string(subnet.prefix)));
    if (metric) out.properties.push_back(cim::scalar("Metric", "uint32", std::to_string(*metric)));
    out.properties.push_back(cim::array("Tags", "string", {std::string(tag)}));
    return out;
}

}  // namespace

Result<std::vector<Network>> read_networks(const std::vector<cim::Instance>& instances) {
    std::vector<Network> out;
    for (const cim::Instance& instance : instances) {
        if (!has_tag(instance, tag_user) && !has_tag(instance, tag_any)) continue;
        auto element = element_of(instance);
        if (!element) return tl::unexpected(element.error());
        out.push_back({std::move(*element), instance});
    }
    return out;
}

Set elements_of(const std::vector<Network>& networks) {
    std::vector<std::string> out;
    for (const Network& network : networks) out.push_back(network.element);
    return Set(out);
}

Result<std::vector<cim::Instance>> fresh_networks(std::string_view element) {
    if (element == setting::any_network) {
        constexpr Subnet all_v4{}, all_v6{IpAddress{true, {}}, 0};
        return std::vector{object_of(all_v4, std::nullopt, tag_any), object_of(all_v6, std::nullopt, tag_any)};
    }
    const auto parsed = parse_element(element);
    if (!parsed) return no_element(element);
    return std::vector{object_of(parsed->subnet, parsed->metric, tag_user)};
}

Result<cim::Instance> with_metric(const Network& network, std::string_view element) {
    const auto parsed = parse_element(element);
    if (!parsed) return no_element(element);
    cim::Instance out = typed(network.instance, network_types);
    std::erase_if(out.properties, [](const cim::Property& p) { return text::same_folded(p.name, "Metric"); });
    out.properties.push_back(cim::scalar("Metric", "uint32", std::to_string(parsed->metric.value_or(0))));
    return out;
}

}  // namespace fairway::wmi
