// What was said to servers and what they answered, as files that can be given away: numbered, one for each exchange,
// real names replaced (StandIns). Whoever speaks to a server makes the text; here it becomes a file. Passwords, tokens
// and keys must not be handed in at all.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/stand_ins.hpp"

namespace fairway {

class Recording {
public:
    // The folder must be new or empty; it is made with the first file. Code::refused: it is not.
    static Result<std::shared_ptr<Recording>> open(const std::string& folder);
    // Makes no files; the notes are remembered.
    static std::shared_ptr<Recording> in_memory();

    struct Note {
        std::string stem, text;
    };
    // From now on notes are kept in memory as well.
    void remember() { remembers_ = true; }
    const std::vector<Note>& notes() const { return notes_; }
    // What `write` gives becomes 0007-STEM.txt, readable by its owner alone. Stem and text hold no real names: `write`
    // replaces them. A file that cannot be written is remembered, and ends the recording and nothing else.
    void keep(const std::function<Note(StandIns&)>& write);
    void learn(const std::function<void(StandIns&)>& tell);

    const std::string& folder() const { return folder_; }  // empty: in memory alone
    std::size_t kept() const { return kept_; }
    const std::optional<Error>& trouble() const { return trouble_; }

private:
    explicit Recording(std::string folder) : folder_(std::move(folder)) {}

    std::string folder_;
    std::mutex busy_;
    StandIns names_;
    bool remembers_ = false;
    std::vector<Note> notes_;
    std::size_t kept_ = 0;
    std::optional<Error> trouble_;
};
using SharedRecording = std::shared_ptr<Recording>;  // null: nothing is recorded

}  // namespace fairway
