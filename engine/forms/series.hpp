// Metrics in the text format of Prometheus, a family of series at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairway::forms {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

// A family of series, which stand together below its help. `name` is without "fairway_".
class Family {
public:
    Family(std::string_view name, std::string_view help, std::string_view type = "gauge");
    void add(const Labels& labels, std::int64_t value);
    std::string print() const { return used_ ? text_ : std::string(); }

private:
    std::string_view name_;
    std::string text_;
    bool used_ = false;
};

}  // namespace fairway::forms
