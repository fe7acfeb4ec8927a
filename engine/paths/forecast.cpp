// See forecast.hpp.
#include "engine/paths/forecast.hpp"

#include <set>
#include <string_view>

namespace fairway {
namespace {

std::string row_of(const Mesh& mesh, const End& from) {
    std::string out;
    for (const End& to : mesh.ends) out += from.index == to.index ? '-' : path_letter(from, to);
    return out;
}

}  // namespace

char path_letter(const End& from, const End& to) {
    char unknown = 0;
    for (std::size_t i = 0; i < conditions().size(); ++i) {
        const PathState one = conditions()[i].state(from, to);
        if (one == PathState::closed) return static_cast<char>('a' + i);
        if (one == PathState::unknown && unknown == 0) unknown = static_cast<char>('A' + i);
    }
    return unknown == 0 ? '.' : unknown;
}

std::vector<PathLetters> path_letters(const std::vector<Mesh>& meshes) {
    std::vector<PathLetters> out;
    for (const Mesh& mesh : meshes) {
        PathLetters& letters = out.emplace_back();
        letters.domain = mesh.domain->name;
        for (const End& end : mesh.ends) {
            letters.hosts.push_back(end.host->name);
            letters.rows.push_back(row_of(mesh, end));
        }
    }
    return out;
}

Forecast forecast(const Plan& plan, const Snapshot& snapshot, const Inventory& inventory) {
    std::vector<Mesh> meshes = for_any_caller(fairway::meshes(inventory, snapshot));
    Forecast out{.now = path_letters(meshes), .after = {}};
    std::vector<PathLetters> last = out.now;
    for (const Phase& phase : plan.phases) {
        std::vector<Forecast::Row>& after = out.after.emplace_back();
        std::set<std::string_view> touched;
        for (const Change& change : phase.changes) touched.insert(change.address.object);
        lay_over(meshes, phase.changes);
        for (std::size_t m = 0; m < meshes.size(); ++m)
            for (const End& from : meshes[m].ends) {
                const bool whole = touched.contains(from.host->name);
                std::string& was = last[m].rows[from.index];
                std::string now = was;
                for (const End& to : meshes[m].ends)
                    if (from.index != to.index && (whole || touched.contains(to.host->name)))
                        now[to.index] = path_letter(from, to);
                if (now == was) continue;
                after.push_back({m, from.index, now});
                was = std::move(now);
            }
    }
    return out;
}

}  // namespace fairway
