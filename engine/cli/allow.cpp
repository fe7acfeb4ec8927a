// See allow.hpp.
#include "engine/cli/allow.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/caller.hpp"
#include "engine/model/limits.hpp"

namespace fairway::cli {

Result<std::vector<Allowance>> allowances(const Request& request) {
    std::vector<Allowance> out;
    for (const std::string& given : request.all("allow")) {
        const auto end = std::min(given.find('='), given.size());
        auto one = allowance(given.substr(0, end), given.substr(std::min(end + 1, given.size())), account());
        if (!one) return fail(one.error().code, "--allow LIMIT=VALUE: " + one.error().text);
        const auto same = [&](const Allowance& other) { return other.limit == one->limit; };
        if (std::any_of(out.begin(), out.end(), same))
            return fail(Code::bad_input,
                        fmt::format("--allow {0}=… is given twice; the higher value is enough", one->limit));
        out.push_back(std::move(*one));
    }
    return out;
}

}  // namespace fairway::cli
