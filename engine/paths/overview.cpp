// See overview.hpp.
#include "engine/paths/overview.hpp"

#include <algorithm>

namespace fairway {
namespace {

std::vector<HostPaths> closed_at(const Matrix& matrix) {
    const std::size_t n = matrix.hosts.size();
    std::vector<HostPaths> out;
    for (const std::string& host : matrix.hosts) out.push_back({.host = host});
    for (std::size_t at = 0; at < matrix.paths(); ++at) {
        if (matrix.state(at) != PathState::closed) continue;
        ++out[at / n].out;
        ++out[at % n].in;
    }
    std::erase_if(out, [](const HostPaths& one) { return one.out + one.in == 0; });
    std::stable_sort(out.begin(), out.end(),
                     [](const HostPaths& a, const HostPaths& b) { return a.out + a.in > b.out + b.in; });
    return out;
}

void find_condition(DomainPaths& out, const Mesh& mesh, const Matrix& matrix) {
    const std::size_t n = matrix.hosts.size();
    std::vector<std::int64_t> closes(conditions().size());
    for (std::size_t at = 0; at < matrix.paths(); ++at) {
        if (matrix.state(at) != PathState::closed) continue;
        for (std::size_t row = 0; row < closes.size(); ++row)
            closes[row] += conditions()[row].state(mesh.ends[at / n], mesh.ends[at % n]) == PathState::closed;
    }
    const auto most = std::max_element(closes.begin(), closes.end());
    if (most == closes.end() || *most == 0) return;
    out.condition = conditions()[static_cast<std::size_t>(most - closes.begin())].name;
    out.by_condition = *most;
}

}  // namespace

std::vector<DomainPaths> overview(const std::vector<Mesh>& meshes, const std::vector<Matrix>& matrices) {
    std::vector<DomainPaths> out;
    for (std::size_t m = 0; m < matrices.size(); ++m) {
        const Matrix& matrix = matrices[m];
        DomainPaths one;
        one.domain = matrix.domain;
        one.hosts = matrix.hosts.size();
        one.paths = count({matrix});
        one.closed = closed_at(matrix);
        find_condition(one, meshes[m], matrix);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway
