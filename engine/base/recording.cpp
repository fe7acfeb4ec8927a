// See recording.hpp.
#include "engine/base/recording.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "engine/base/private_file.hpp"

namespace fairway {

Result<std::shared_ptr<Recording>> Recording::open(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (folder.empty()) return fail(Code::bad_input, "--record needs the name of a folder");
    const auto status = fs::status(folder, error);
    if (fs::exists(status)) {
        if (!fs::is_directory(status))
            return fail(Code::refused, fmt::format("--record: {} is no folder; name one that is new or empty", folder));
        if (const bool empty = fs::is_empty(folder, error); error || !empty)
            return fail(Code::refused, fmt::format("--record: {} holds files already, and two records in one folder "
                                                   "cannot be told apart; name a folder that is new or empty",
                                                   folder));
    }
    return std::shared_ptr<Recording>(new Recording(folder));
}

std::shared_ptr<Recording> Recording::in_memory() {
    std::shared_ptr<Recording> out(new Recording({}));
    out->remember();
    return out;
}

void Recording::keep(const std::function<Note(StandIns&)>& write) {
    const std::lock_guard hold(busy_);
    if (trouble_) return;
    Note note = write(names_);
    Result<void> made;
    if (!folder_.empty()) {
        const std::string file = fmt::format("{}/{:04}-{}.txt", folder_, kept_ + 1, note.stem);
        made = make_folder_of(file);
        if (made) made = write_private_file(file, note.text);
    }
    if (!made) {
        trouble_ = made.error();
        return;
    }
    ++kept_;
    if (remembers_) notes_.push_back(std::move(note));
}

void Recording::learn(const std::function<void(StandIns&)>& tell) {
    const std::lock_guard hold(busy_);
    tell(names_);
}

}  // namespace fairway
