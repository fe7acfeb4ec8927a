// See verify.hpp.
#include "engine/run/verify.hpp"

namespace fairway {

Snapshot observe(Reader& reader, const std::vector<Address>& questions, const Progress& progress) {
    return reader.read(questions, progress);
}

}  // namespace fairway
