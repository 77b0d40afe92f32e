#include "file_write.h"

#include <algorithm>
#include <utility>

#include "private_loop.h"

namespace loopdyno {

namespace {

constexpr size_t kAtOnce = size_t{1} << 30;  // one write's length must fit an int

}  // namespace

FileWrite::FileWrite(PrivateLoop* loop, int32_t id, std::string path, char* data, size_t length,
                     bool append)
    : FileJob(loop, id, std::move(path)), data_(data), length_(length), append_(append) {}

FileJob::Outcome FileWrite::Work(uv_file file) {
  while (length_ > 0) {
    const uv_buf_t next =
        uv_buf_init(data_, static_cast<unsigned int>(std::min(length_, kAtOnce)));
    uv_fs_t request;
    const int wrote = uv_fs_write(nullptr, &request, file, &next, 1, -1, nullptr);
    uv_fs_req_cleanup(&request);
    if (wrote < 0) return Fail(kWrite, wrote);
    data_ += wrote;
    length_ -= static_cast<size_t>(wrote);
  }
  return kDone;
}

void FileWrite::Done() {
  loop_->completions.Add(Op::kFileDone, id_, error_, step_);
  loop_->ForgetFile(id_);
  delete this;
}

}  // namespace loopdyno
