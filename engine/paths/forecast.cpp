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

PathPicture path_picture(const std::vector<Mesh>& meshes) {
    PathPicture out;
    for (const ConditionRow& row : conditions()) {
        out.conditions.emplace_back(row.name);
        auto& settings = out.rests_on.emplace_back();
        for (const Setting* setting : row.rests_on) settings.emplace_back(setting->name);
    }
    for (const Mesh& mesh : meshes) {
        PathLetters& letters = out.now.emplace_back();
        letters.domain = mesh.domain->name;
        for (const End& end : mesh.ends) {
            letters.hosts.push_back(end.host->name);
            letters.rows.push_back(row_of(mesh, end));
        }
    }
    return out;
}

void forecast(Plan& plan, std::vector<Mesh> meshes) {
    plan.picture = path_picture(meshes);
    std::vector<PathLetters> last = plan.picture.now;
    for (Phase& phase : plan.phases) {
        std::set<std::string_view> touched;
        for (const Change& change : phase.changes) touched.insert(change.address.object);
        lay_over(meshes, phase.changes);
        phase.letters.clear();
        for (std::size_t m = 0; m < meshes.size(); ++m) {
            PathLetters changed{.domain = meshes[m].domain->name, .hosts = {}, .rows = {}};
            for (const End& from : meshes[m].ends) {
                const bool whole = touched.contains(from.host->name);
                std::string& was = last[m].rows[from.index];
                std::string now = was;
                for (const End& to : meshes[m].ends)
                    if (from.index != to.index && (whole || touched.contains(to.host->name)))
                        now[to.index] = path_letter(from, to);
                if (now == was) continue;
                changed.hosts.push_back(from.host->name);
                changed.rows.push_back(now);
                was = std::move(now);
            }
            if (!changed.hosts.empty()) phase.letters.push_back(std::move(changed));
        }
    }
}

}  // namespace fairway
