// What a piece of CIM data is: values, instances, references, and the classes that this host knows.
// Plain data; knows neither XML nor where the values come from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lab {

inline constexpr std::string_view kCimv2 = "root/cimv2";
inline constexpr std::string_view kVirtualization = "root/virtualization/v2";
inline constexpr std::string_view kCluster = "root/mscluster";
inline constexpr std::string_view kStandardCimv2 = "root/StandardCimv2";
inline constexpr std::string_view kDeviceGuard = "root/Microsoft/Windows/DeviceGuard";

using Keys = std::vector<std::pair<std::string, std::string>>;

struct Reference {
    std::string ns;
    std::string class_name;
    Keys keys;
};

// xs:dateTime text; WS-Man wraps it in cim:Datetime.
struct Moment {
    std::string text;
};

// xs:duration text; WS-Man wraps it in cim:Interval.
struct Interval {
    std::string text;
};

// monostate is NULL. All unsigned CIM widths travel as uint64: only their decimal text leaves the house.
using Value = std::variant<std::monostate, bool, std::uint64_t, std::string, std::vector<std::string>, Reference,
                           Moment, Interval>;

struct Property {
    std::string name;
    Value value;
};

struct Instance {
    std::string class_name;
    std::vector<Property> properties;

    [[nodiscard]] const Value* find(std::string_view name) const;
};

struct ClassInfo {
    std::string_view ns;
    std::string_view name;
    std::vector<std::string_view> keys;
    std::vector<std::string_view> ancestors;
    // A singleton can be fetched without selectors.
    bool singleton = false;

    [[nodiscard]] bool is_a(std::string_view other) const;
};

// CIM names and selector values compare without case [MS-WSMV 3.1.4.1.2].
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

// The class, or nullptr; abstract bases such as CIM_ConcreteJob are known too.
[[nodiscard]] const ClassInfo* find_class(std::string_view ns, std::string_view name);

// The value as a selector or a WQL literal would show it.
[[nodiscard]] std::string plain_text(const Value& value);

[[nodiscard]] Reference reference_to(const ClassInfo& info, const Instance& instance);

}  // namespace lab
