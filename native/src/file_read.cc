#include "file_read.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "private_loop.h"

namespace loopdyno {

FileRead::~FileRead() {
  if (data_ != small_ && buffer_.IsEmpty()) std::free(data_);
}

FileJob::Outcome FileRead::Work(uv_file file) {
  return buffer_.IsEmpty() ? Begin(file) : ReadToEnd(file);
}

// Reads a small file; for a larger one, finds out its size.
FileJob::Outcome FileRead::Begin(uv_file file) {
  ReadToEnd(file);
  if (error_ != 0 || length_ < capacity_) return kDone;

  uv_fs_t request;
  const int error = uv_fs_fstat(nullptr, &request, file, nullptr);
  const uint64_t mode = request.statbuf.st_mode;
  const uint64_t size = request.statbuf.st_size;
  uv_fs_req_cleanup(&request);
  if (error != 0) return Fail(kStat, error);
  if ((mode & S_IFMT) == S_IFREG && size > length_) {
    if (size > kLargest) return TooLarge(size);
    size_ = static_cast<size_t>(size);
    return kAgain;
  }
  while (length_ == capacity_) {
    if (capacity_ > kLargest / 2) return TooLarge(length_);
    if (!Grow(capacity_ * 2)) return Fail(kRead, UV_ENOMEM);
    if (ReadToEnd(file); error_ != 0) return kDone;
  }
  return kDone;
}

// Reads until the file ends or the memory is full.
FileJob::Outcome FileRead::ReadToEnd(uv_file file) {
  while (length_ < capacity_) {
    const auto room = static_cast<unsigned int>(capacity_ - length_);
    const uv_buf_t rest = uv_buf_init(data_ + length_, room);
    uv_fs_t request;
    const int got = uv_fs_read(nullptr, &request, file, &rest, 1, -1, nullptr);
    uv_fs_req_cleanup(&request);
    if (got < 0) return Fail(kRead, got);
    if (got == 0) break;
    length_ += static_cast<size_t>(got);
  }
  return kDone;
}

// Makes the Buffer and moves what has been read so far into it.
void FileRead::Prepare() {
  Napi::Env env = loop_->env();
  Napi::HandleScope scope(env);
  void* memory = nullptr;
  napi_value buffer = loop_->buffers->Make(env, size_, &memory);
  if (buffer == nullptr) {
    Fail(kRead, UV_ENOMEM);
    return;
  }
  std::memcpy(memory, small_, length_);
  data_ = static_cast<char*>(memory);
  capacity_ = size_;
  buffer_ = Napi::Persistent(Napi::Buffer<char>(env, buffer));
}

void FileRead::Done() {
  Completions& completions = loop_->completions;
  if (error_ == 0 && length_ <= kSmall) {
    const Slab::Space space = loop_->slab.Reserve(std::max<size_t>(length_, 1));
    if (space.base != nullptr) {
      if (length_ > 0) std::memcpy(space.base, data_, length_);
      const int32_t offset = loop_->slab.Commit(length_);
      completions.Add(Op::kFileBytes, id_, offset, static_cast<int32_t>(length_));
      loop_->ForgetFile(id_);
      delete this;
      return;
    }
  }
  completions.Add(Op::kFileDone, id_, error_, step_);
  if (error_ == 0 || too_large_ != 0) return;  // JS fetches it with Take
  loop_->ForgetFile(id_);
  delete this;
}

Napi::Value FileRead::Take(Napi::Env env) {
  if (too_large_ != 0) return Napi::Number::New(env, static_cast<double>(too_large_));
  if (!buffer_.IsEmpty() && length_ == capacity_) return buffer_.Value();
  return Napi::Buffer<char>::Copy(env, data_, length_);  // no size was known, or the file is shorter
}

FileJob::Outcome FileRead::TooLarge(uint64_t size) {
  too_large_ = size;
  return Fail(kStat, UV_EFBIG);
}

bool FileRead::Grow(size_t capacity) {
  auto* grown = static_cast<char*>(std::realloc(data_ == small_ ? nullptr : data_, capacity));
  if (grown == nullptr) return false;
  if (data_ == small_) std::memcpy(grown, small_, length_);
  data_ = grown;
  capacity_ = capacity;
  return true;
}

}  // namespace loopdyno
