// See matrix.hpp.
#include "engine/paths/matrix.hpp"

namespace fairway {

PathState Matrix::state(std::size_t path) const { return state_of(letters[path]); }
std::string_view Matrix::row(std::size_t from) const {
    return std::string_view(letters).substr(from * hosts.size(), hosts.size());
}

std::vector<Matrix> matrices(const std::vector<Mesh>& meshes) {
    std::vector<Matrix> out;
    for (const Mesh& mesh : meshes) {
        Matrix matrix{.hosts = {}, .domain = mesh.domain->name, .letters = {}};
        matrix.letters.reserve(mesh.ends.size() * mesh.ends.size());
        for (const End& from : mesh.ends) {
            matrix.hosts.push_back(from.host->name);
            for (const End& to : mesh.ends) matrix.letters += from.index == to.index ? '-' : path_letter(from, to);
        }
        out.push_back(std::move(matrix));
    }
    return out;
}

std::int64_t& counted(PathCount& count, char letter) {
    switch (state_of(letter)) {
        case PathState::open: return count.open;
        case PathState::closed: return count.closed;
        case PathState::unknown: break;
    }
    return count.unknown;
}

PathCount count(const std::vector<Matrix>& matrices) {
    PathCount out;
    for (const Matrix& matrix : matrices) {
        for (const char letter : matrix.letters) ++counted(out, letter);
        out.open -= static_cast<std::int64_t>(matrix.hosts.size());  // the diagonal
    }
    return out;
}

PathPicture path_picture(const std::vector<Matrix>& matrices) {
    PathPicture out;
    for (const ConditionRow& row : conditions()) {
        out.conditions.emplace_back(row.name);
        auto& settings = out.rests_on.emplace_back();
        for (const Setting* setting : row.rests_on) settings.emplace_back(setting->name);
    }
    for (const Matrix& matrix : matrices) {
        PathLetters& letters = out.now.emplace_back();
        letters.domain = matrix.domain;
        letters.hosts = matrix.hosts;
        for (std::size_t from = 0; from < matrix.hosts.size(); ++from) letters.rows.emplace_back(matrix.row(from));
    }
    return out;
}

}  // namespace fairway
