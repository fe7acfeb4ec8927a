// See simulate.hpp.
#include "engine/paths/simulate.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <unordered_map>

namespace fairway {
namespace {

using Places = std::unordered_map<std::string, std::pair<std::size_t, std::size_t>>;

// In which mesh each host is, and where in it.
Places places(const std::vector<Mesh>& meshes) {
    Places out;
    for (std::size_t m = 0; m < meshes.size(); ++m)
        for (const End& end : meshes[m].ends) out.emplace(end.host->name, std::pair{m, end.index});
    return out;
}

// Does the decoder read it? Other settings leave every path as it is.
bool concerns_paths(const Setting& setting) {
    const auto decoded = Decoder::rows();
    return std::any_of(decoded.begin(), decoded.end(),
                       [&](const Decoder::Row& row) { return row.setting == &setting; });
}

// The paths of all domains while phases are laid over them. Changes of one host are made in their order, those of
// different hosts in any: so each path is judged at every place that its two ends can come to.
class Simulation {
public:
    explicit Simulation(std::vector<Mesh> meshes)
        : meshes_(std::move(meshes)),
          matrices_(matrices(meshes_)),
          count_(fairway::count(matrices_)),
          decoders_(meshes_.begin(), meshes_.end()),
          where_(places(meshes_)) {
        for (const Matrix& matrix : matrices_) {
            std::vector<bool>& was_open = was_open_.emplace_back();
            for (std::size_t path = 0; path < matrix.paths(); ++path)
                was_open.push_back(matrix.state(path) == PathState::open);
        }
    }

    const PathCount& count() const { return count_; }
    PathPicture picture() const { return path_picture(matrices_); }
    Outlook outlook() && { return {std::move(meshes_), std::move(matrices_)}; }

    void lay(Phase& phase) {
        phase_ = &phase;
        phase.letters.clear();
        closed_.assign(phase.changes.size(), {});
        opened_.assign(phase.changes.size(), {});
        std::map<std::size_t, Steps> touched;  // by mesh
        for (std::size_t step = 0; step < phase.changes.size(); ++step) {
            const Address& address = phase.changes[step].address;
            const auto it = where_.find(address.object);
            if (it == where_.end() || !concerns_paths(*address.setting)) continue;
            const auto [m, host] = it->second;
            Steps& steps = touched[m];
            steps.resize(meshes_[m].ends.size());
            steps[host].push_back(step);
        }
        for (const auto& [m, steps] : touched) {
            const Matrix before = matrices_[m];
            lay(m, steps);
            tell_changed_rows(before, matrices_[m]);
        }
        take(closed_, phase.closed);
        take(opened_, phase.opened);
        phase.paths = count_;
    }

private:
    using Steps = std::vector<std::vector<std::size_t>>;  // of each host of a mesh, by their place in the phase
    struct Course {
        std::span<const End> ends;           // before the phase, and after each step
        std::span<const std::size_t> steps;  // one fewer
    };

    void lay(std::size_t m, const Steps& steps) {
        Mesh& mesh = meshes_[m];
        std::vector<std::vector<End>> changing(mesh.ends.size());
        std::vector<Course> courses;
        for (const End& end : mesh.ends) {
            std::vector<End>& ends = changing[end.index];
            if (!steps[end.index].empty()) ends.push_back(end);
            for (const std::size_t step : steps[end.index]) {
                const Change& change = phase_->changes[step];
                ends.push_back(ends.back());
                decoders_[m].apply(ends.back(), *change.address.setting, Reading(Held(change.after)));
            }
            courses.push_back({ends.empty() ? std::span(&end, 1) : std::span<const End>(ends), steps[end.index]});
        }
        for (std::size_t a = 0; a < courses.size(); ++a)
            for (std::size_t b = a + 1; b < courses.size(); ++b) {
                if (courses[a].steps.empty() && courses[b].steps.empty()) continue;
                const Passes there = walk(m, courses[a], courses[b]), back = walk(m, courses[b], courses[a]);
                name_steps(courses[a], courses[b], there.closing, back.closing, closed_);
                name_steps(courses[a], courses[b], there.opening, back.opening, opened_);
            }
        for (End& end : mesh.ends)
            if (!changing[end.index].empty()) end = std::move(changing[end.index].back());
    }

    using Numbers = std::vector<std::size_t>;  // of steps of the phase
    struct Passes {
        Numbers closing, opening;  // steps that may close the path, and that may open it again
    };
    struct Spot {
        char letter = 0;
        bool is_open = false;
        bool was_open = false;  // here, or on some way to here
    };

    // One path, at every place that its ends can come to: rows are steps of its source, columns of its destination.
    Passes walk(std::size_t m, const Course& from, const Course& to) {
        const std::size_t path = from.ends[0].index * meshes_[m].ends.size() + to.ends[0].index;
        const std::size_t columns = to.ends.size();
        char& held = matrices_[m].letters[path];
        Passes out;
        spots_.assign(from.ends.size() * columns, {});
        for (std::size_t row = 0; row < from.ends.size(); ++row)
            for (std::size_t column = 0; column < columns; ++column) {
                Spot& now = spots_[row * columns + column];
                const bool first = row + column == 0;
                now.letter = first ? held : path_letter(from.ends[row], to.ends[column]);
                now.is_open = state_of(now.letter) == PathState::open;
                now.was_open = now.is_open || (first && was_open_[m][path]);
                if (row > 0) pass(spots_[(row - 1) * columns + column], now, from.steps[row - 1], out);
                if (column > 0) pass(spots_[row * columns + column - 1], now, to.steps[column - 1], out);
            }
        was_open_[m][path] = spots_.back().was_open;
        if (!out.closing.empty()) ++phase_->closes;
        --counted(count_, held);
        held = spots_.back().letter;
        ++counted(count_, held);
        name_once(out);
        return out;
    }

    // From one spot to the next, by a step of either end.
    static void pass(const Spot& before, Spot& now, std::size_t step, Passes& out) {
        const bool was = before.is_open, is = now.is_open;
        now.was_open = now.was_open || before.was_open;
        if (was == is || (is && !before.was_open)) return;
        Numbers& steps = is ? out.opening : out.closing;
        const auto at = std::lower_bound(steps.begin(), steps.end(), step);
        if (at == steps.end() || *at != step) steps.insert(at, step);
    }

    // A path that is closed between two steps, whichever is first, is named once at each: closed by the first of them
    // in the plan, opened by the second. There are many such paths where a domain goes to another protocol.
    static void name_once(Passes& of) {
        if (of.closing.size() != 2 || of.closing != of.opening) return;
        of.closing.pop_back();
        of.opening.erase(of.opening.begin());
    }

    // Of the two paths between hosts, at the steps that pass them.
    static void name_steps(const Course& a, const Course& b, const Numbers& there, const Numbers& back,
                           std::vector<StepPaths>& at) {
        const auto name = [&](const Course& own, const std::string& peer, const Numbers& to, const Numbers& from) {
            for (const std::size_t step : own.steps) {
                const bool goes = std::binary_search(to.begin(), to.end(), step),
                           comes = std::binary_search(from.begin(), from.end(), step);
                if (goes && comes) at[step].both.push_back(peer);
                else if (goes) at[step].to.push_back(peer);
                else if (comes) at[step].from.push_back(peer);
            }
        };
        name(a, b.ends[0].host->name, there, back);
        name(b, a.ends[0].host->name, back, there);
    }

    void tell_changed_rows(const Matrix& before, const Matrix& now) {
        PathLetters changed{.domain = now.domain, .hosts = {}, .rows = {}};
        for (std::size_t from = 0; from < now.hosts.size(); ++from) {
            if (before.row(from) == now.row(from)) continue;
            changed.hosts.push_back(now.hosts[from]);
            changed.rows.emplace_back(now.row(from));
        }
        if (!changed.hosts.empty()) phase_->letters.push_back(std::move(changed));
    }

    void take(std::vector<StepPaths>& of_steps, std::vector<StepPaths>& out) const {
        for (std::size_t step = 0; step < of_steps.size(); ++step) {
            StepPaths& one = of_steps[step];
            if (one.both.empty() && one.to.empty() && one.from.empty()) continue;
            one.address = phase_->changes[step].address;
            out.push_back(std::move(one));
        }
    }

    std::vector<Mesh> meshes_;
    std::vector<Matrix> matrices_;
    std::vector<std::vector<bool>> was_open_;  // of each matrix: at some time of the plan
    PathCount count_;
    std::vector<Decoder> decoders_;
    Places where_;
    Phase* phase_ = nullptr;
    std::vector<StepPaths> closed_, opened_;  // of each step of the phase
    std::vector<Spot> spots_;                 // of the path at hand
};

}  // namespace

std::vector<Mesh> for_any_caller(std::vector<Mesh> meshes) {
    for (Mesh& mesh : meshes)
        for (End& end : mesh.ends) end.caller = std::string();
    return meshes;
}

void lay_over(std::vector<Mesh>& meshes, const std::vector<Change>& changes) {
    if (changes.empty()) return;
    const std::vector<Decoder> decoders(meshes.begin(), meshes.end());
    const Places where = places(meshes);
    for (const Change& change : changes) {
        const auto it = where.find(change.address.object);
        if (it == where.end()) continue;
        const auto [m, host] = it->second;
        decoders[m].apply(meshes[m].ends[host], *change.address.setting, Reading(Held(change.after)));
    }
}

Outlook simulate(Plan& plan, std::vector<Mesh> meshes) {
    Simulation simulation(std::move(meshes));
    plan.paths = simulation.count();
    plan.picture = simulation.picture();
    for (Phase& phase : plan.phases) simulation.lay(phase);
    return std::move(simulation).outlook();
}

}  // namespace fairway
