// See interleavings.hpp. The brute force: a world for each combination of how far every object has come.
#include "tests/laws/interleavings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/paths/simulate.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

constexpr std::size_t most_places = 128;

// A step, and a path that it closes or opens.
using Effect = std::tuple<Address, std::string, std::string>;

std::set<Effect> announced(const std::vector<StepPaths>& steps) {
    std::set<Effect> out;
    for (const StepPaths& step : steps)
        step.each([&](const std::string& from, const std::string& to) { out.emplace(step.address, from, to); });
    return out;
}

// The changes of one object, in their order.
using Course = std::vector<const Change*>;

class Places {
public:
    // `was_open`: paths that were open at some time before; what is so after the phase is left there.
    Places(Case& c, const Phase& phase, std::vector<bool>& was_open) : c_(c), phase_(phase), was_open_(was_open) {
        std::map<std::string, Course> courses;
        for (const Change& change : phase.changes) courses[change.address.object].push_back(&change);
        for (auto& [object, course] : courses) courses_.push_back(std::move(course));
        for (const Course& course : courses_) count_ *= course.size() + 1;
    }
    std::size_t count() const { return count_; }

    void hold_announced() {
        std::vector<Place> all(count_);
        for (std::size_t number = 0; number < count_; ++number) {
            Place& now = all[number];
            now.matrices = matrices_at(number);
            if (number == 0) now.was_open = was_open_;
            now.was_open.resize(paths(now));
            for (std::size_t path = 0; path < now.was_open.size(); ++path)
                if (open(now, path)) now.was_open[path] = true;
            std::size_t stride = 1;
            for (const Course& course : courses_) {
                const std::size_t done = number / stride % (course.size() + 1);
                if (done > 0) pass(all[number - stride], now, *course[done - 1]);
                stride *= course.size() + 1;
            }
        }
        std::set<std::pair<std::string, std::string>> paths;
        for (const auto& [step, from, to] : closed_) paths.emplace(from, to);
        hold(static_cast<std::int64_t>(paths.size()) == phase_.closes,
             "18 all paths that some order closes are announced",
             fmt::format("{} close, {} announced", paths.size(), phase_.closes));
        name_once();
        hold(closed_ == announced(phase_.closed), "18 each step that may close a path is named", names(closed_));
        hold(opened_ == announced(phase_.opened), "18 each step that may open it again is named", names(opened_));
        hold(fairway::count(all.back().matrices) == phase_.paths, "18 paths after a phase are as announced", "");
        was_open_ = all.back().was_open;
    }

    void make() {
        LawWriter writer(c_.world);
        for (const Change& change : phase_.changes)
            static_cast<void>(writer.write(change.address, change.before, change.after));
    }

private:
    struct Place {
        std::vector<Matrix> matrices;
        std::vector<bool> was_open;
    };

    static std::size_t paths(const Place& place) {
        std::size_t out = 0;
        for (const Matrix& matrix : place.matrices) out += matrix.paths();
        return out;
    }
    static bool open(const Place& place, std::size_t path) {
        for (const Matrix& matrix : place.matrices) {
            if (path < matrix.paths()) return matrix.state(path) == PathState::open;
            path -= matrix.paths();
        }
        return false;
    }

    std::vector<Matrix> matrices_at(std::size_t number) {
        Case there = c_;
        LawWriter writer(there.world);
        for (const Course& course : courses_) {
            for (std::size_t done = number % (course.size() + 1), i = 0; i < done; ++i)
                static_cast<void>(writer.write(course[i]->address, course[i]->before, course[i]->after));
            number /= course.size() + 1;
        }
        return matrices(for_any_caller(meshes(there.inventory, seen_of(there))));
    }

    void pass(const Place& before, Place& now, const Change& step) {
        std::size_t path = 0;
        for (const Matrix& matrix : now.matrices)
            for (std::size_t i = 0; i < matrix.paths(); ++i, ++path) {
                const bool was = open(before, path), is = open(now, path);
                if (before.was_open[path]) now.was_open[path] = true;
                if (was == is || (is && !before.was_open[path])) continue;
                (is ? opened_ : closed_)
                    .emplace(step.address, matrix.hosts[i / matrix.hosts.size()],
                             matrix.hosts[i % matrix.hosts.size()]);
            }
    }

    // A path that either of two steps closes and opens is named once at each, in the plan's order.
    void name_once() {
        std::map<std::pair<std::string, std::string>, std::set<Address>> closes, opens;
        for (const auto& [step, from, to] : closed_) closes[{from, to}].insert(step);
        for (const auto& [step, from, to] : opened_) opens[{from, to}].insert(step);
        for (const auto& [path, steps] : closes) {
            if (steps.size() != 2 || steps != opens[path]) continue;
            const auto first = std::find_if(phase_.changes.begin(), phase_.changes.end(),
                                            [&, &of = steps](const Change& one) { return of.contains(one.address); });
            for (const Address& step : steps)
                (step == first->address ? opened_ : closed_).erase({step, path.first, path.second});
        }
    }

    static std::string names(const std::set<Effect>& effects) {
        std::string out;
        for (const auto& [step, from, to] : effects)
            out += fmt::format("{} {}: {} > {}; ", step.object, step.setting->name, from, to);
        return out;
    }

    Case& c_;
    const Phase& phase_;
    std::vector<bool>& was_open_;
    std::vector<Course> courses_;
    std::size_t count_ = 1;
    std::set<Effect> closed_, opened_;
};

}  // namespace

std::size_t in_any_order(const Case& start, const Plan& plan) {
    Case c = start;
    std::vector<bool> was_open;
    std::size_t out = 0;
    for (const Phase& phase : plan.phases) {
        Places places(c, phase, was_open);
        if (places.count() > most_places) return out;  // what was open since is not known
        places.hold_announced();
        places.make();
        out += places.count();
    }
    return out;
}

}  // namespace fairway::laws
