// See closings.hpp.
#include "engine/report/closings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/base/by_key.hpp"
#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t most_paths = 5, most_steps = 3;

// Steps that do the same to a path: any of one phase may be the first, and every phase does it.
class Steps {
public:
    void add(const Phase& phase, const std::string& step) {
        if (count_ < most_steps) text_ += (count_ == 0 ? "" : in_ == &phase ? " or " : " and ") + step;
        ++count_;
        in_ = &phase;
    }
    std::size_t count() const { return count_; }
    const Phase* in() const { return in_; }  // the last one
    std::string text() const {
        return count_ > most_steps ? fmt::format("{} and {} more steps", text_, count_ - most_steps) : text_;
    }

private:
    std::string text_;
    std::size_t count_ = 0;
    const Phase* in_ = nullptr;
};

struct Closing {
    std::string_view from, to;  // of the plan's texts
    Steps closed = {}, opened = {};

    bool is_of(std::string_view source, std::string_view destination) const {
        return from == source && to == destination;
    }
    bool between() const { return closed.count() == 1 && opened.count() == 1 && closed.in() == opened.in(); }
};

// The first paths that the plan closes, with all steps that close and open them.
std::vector<Closing> first_closings(const Plan& plan) {
    std::vector<Closing> out;
    for (const Phase& phase : plan.phases) {
        const auto add = [&](const StepPaths& step, Steps Closing::*steps) {
            const std::string words = fmt::format("{} {} of {}", title(phase), step.address.setting->name,
                                                  fairway::text::printable(step.address.object));
            step.each([&](std::string_view from, std::string_view to) {
                const auto is_it = [&](const Closing& one) { return one.is_of(from, to); };
                auto it = std::find_if(out.begin(), out.end(), is_it);
                if (it == out.end() && steps == &Closing::closed && out.size() < most_paths)
                    it = out.insert(out.end(), {from, to});
                if (it != out.end()) ((*it).*steps).add(phase, words);
            });
        };
        for (const StepPaths& step : phase.closed) add(step, &Closing::closed);
        for (const StepPaths& step : phase.opened) add(step, &Closing::opened);
    }
    return out;
}

std::string words_of(const std::vector<const Closing*>& alike) {
    const Closing& one = *alike.front();
    const std::string paths = fairway::text::some(alike, most_paths, [](const Closing* path) {
        return fmt::format("{} → {}", fairway::text::printable(path->from), fairway::text::printable(path->to));
    });
    const std::string_view are = alike.size() == 1 ? "is" : "are";
    const std::string closed = one.closed.text(), opened = one.opened.text();
    if (one.between()) return fmt::format("{} {} closed between {} and {}", paths, are, closed, opened);
    return fmt::format("{} {} closed by {}{}", paths, are, closed,
                       !opened.empty()     ? " until " + opened
                       : alike.size() == 1 ? ", and no later step opens it"
                                           : ", and no later step opens them");
}

}  // namespace

std::string closed_text(const Plan& plan, const Style& style) {
    const std::vector<Closing> first = first_closings(plan);
    std::string out;
    for (const auto& alike : by_key(
             first, [](const Closing& one) { return std::tuple(one.closed.text(), one.opened.text(), one.between()); }))
        out += wrapped(words_of(alike), style, "  ", 4);
    const auto all = static_cast<std::size_t>(paths_closed(plan));
    if (all > first.size() && !first.empty())
        out += wrapped(
            fmt::format("and {}; --output json and the plan file name all", count(all - first.size(), "more path")),
            style, "  ", 4);
    return out;
}

}  // namespace fairway::report
