// See simulate.hpp.
#include "engine/paths/simulate.hpp"

#include <unordered_map>

namespace fairway {
namespace {

std::int64_t& of(PathCount& count, PathState state) {
    switch (state) {
        case PathState::open: return count.open;
        case PathState::closed: return count.closed;
        case PathState::unknown: break;
    }
    return count.unknown;
}

using Places = std::unordered_map<std::string, std::pair<std::size_t, std::size_t>>;

// In which mesh each host is, and where in it.
Places places(const std::vector<Mesh>& meshes) {
    Places out;
    for (std::size_t m = 0; m < meshes.size(); ++m)
        for (const End& end : meshes[m].ends) out.emplace(end.host->name, std::pair{m, end.index});
    return out;
}

// The paths of all domains while steps are laid over them.
class Simulation {
public:
    Simulation(const Snapshot& snapshot, const Inventory& inventory)
        : meshes_(for_any_caller(meshes(inventory, snapshot))),
          matrices_(matrices(meshes_)),
          count_(fairway::count(matrices_)),
          decoders_(meshes_.begin(), meshes_.end()),
          where_(places(meshes_)) {}

    const PathCount& count() const { return count_; }
    Outlook outlook() && { return {std::move(meshes_), std::move(matrices_)}; }

    // Returns which open paths the step closed.
    ClosedBy step(const Change& change) {
        ClosedBy out{.address = change.address, .to = {}, .from = {}};
        const auto it = where_.find(change.address.object);
        if (it == where_.end()) return out;
        const auto [m, host] = it->second;
        Mesh& mesh = meshes_[m];
        decoders_[m].apply(mesh.ends[host], *change.address.setting, Reading(Held(change.after)));
        for (const End& peer : mesh.ends) {
            if (peer.index == host) continue;
            if (closes(m, host, peer.index)) out.to.push_back(peer.host->name);
            if (closes(m, peer.index, host)) out.from.push_back(peer.host->name);
        }
        return out;
    }

private:
    // Judges the path again: was it open, and is it no more?
    bool closes(std::size_t m, std::size_t from, std::size_t to) {
        const std::vector<End>& ends = meshes_[m].ends;
        PathState& held = matrices_[m].states[from * ends.size() + to];
        const PathState now = state(ends[from], ends[to]);
        const bool closed = held == PathState::open && now != PathState::open;
        --of(count_, held);
        ++of(count_, now);
        held = now;
        return closed;
    }

    std::vector<Mesh> meshes_;
    std::vector<Matrix> matrices_;
    PathCount count_;
    std::vector<Decoder> decoders_;
    Places where_;
};

}  // namespace

std::vector<Mesh> for_any_caller(std::vector<Mesh> meshes) {
    for (Mesh& mesh : meshes)
        for (End& end : mesh.ends) end.caller = std::string();
    return meshes;
}

std::vector<Matrix> matrices(const std::vector<Mesh>& meshes) {
    std::vector<Matrix> out;
    for (const Mesh& mesh : meshes) {
        Matrix matrix{.hosts = {}, .domain = mesh.domain->name, .states = {}};
        matrix.states.reserve(mesh.ends.size() * mesh.ends.size());
        for (const End& from : mesh.ends) {
            matrix.hosts.push_back(from.host->name);
            for (const End& to : mesh.ends)
                matrix.states.push_back(from.index == to.index ? PathState::open : state(from, to));
        }
        out.push_back(std::move(matrix));
    }
    return out;
}

PathCount count(const std::vector<Matrix>& matrices) {
    PathCount out;
    for (const Matrix& matrix : matrices) {
        for (PathState one : matrix.states) ++of(out, one);
        out.open -= static_cast<std::int64_t>(matrix.hosts.size());  // the diagonal
    }
    return out;
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

Outlook simulate(Plan& plan, const Snapshot& snapshot, const Inventory& inventory) {
    Simulation simulation(snapshot, inventory);
    plan.paths = simulation.count();
    for (Phase& phase : plan.phases) {
        for (const Change& change : phase.changes) {
            ClosedBy closed = simulation.step(change);
            if (closed.to.empty() && closed.from.empty()) continue;
            phase.closes += static_cast<std::int64_t>(closed.to.size() + closed.from.size());
            phase.closed.push_back(std::move(closed));
        }
        phase.paths = simulation.count();
    }
    return std::move(simulation).outlook();
}

}  // namespace fairway
