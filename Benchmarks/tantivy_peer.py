#!/usr/bin/env python3
"""tantivy, asked beside the program's own index. Started by the retrieval benchmark, in a virtual environment of its own.

usage: tantivy_peer.py ARTICLES FOLDER

ARTICLES holds an article a line, its words apart by spaces. Builds an index in FOLDER and prints a line of JSON about it.
Then answers each line of standard input, a question of words, with a line of JSON: how long the search took and how long
the processor was at it, in nanoseconds, and the best ten as [article, score].
"""

import json
import os
import sys
import time

import tantivy


def build(articles, folder):
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(schema.build(), path=folder)
    start = time.perf_counter()
    # One thread and room for everything: one segment in the order of the lines, the best case for searching.
    writer = index.writer(heap_size=3_000_000_000, num_threads=1)
    with open(articles, encoding="utf-8") as lines:
        for line in lines:
            writer.add_document(tantivy.Document(text=line.rstrip("\n")))
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - start
    index.reload()
    return index, seconds


def memory(name):
    """Kilobytes, such as VmRSS."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(row.split()[1]) for row in status if row.startswith(name))


def main():
    articles, folder = sys.argv[1:]
    os.makedirs(folder)
    index, seconds = build(articles, folder)
    searcher = index.searcher()
    size = sum(entry.stat().st_size for entry in os.scandir(folder))
    about = {
        "seconds": seconds,
        "size": size,
        "documents": searcher.num_docs,
        "segments": searcher.num_segments,
        "peak": memory("VmHWM"),
        "version": getattr(tantivy, "__version__", "?"),
    }
    print(json.dumps(about), flush=True)
    schema = index.schema
    for line in sys.stdin:
        words = line.split()
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", word, index_option="freq")) for word in words]
        )
        start, busy = time.perf_counter_ns(), time.thread_time_ns()
        # Without counting all hits, which would keep tantivy from passing over blocks.
        found = searcher.search(query, 10, count=False)
        taken, busy = time.perf_counter_ns() - start, time.thread_time_ns() - busy
        hits = [[address.doc, score] for score, address in found.hits]
        print(json.dumps({"ns": taken, "busy": busy, "hits": hits}), flush=True)
    print(json.dumps({"resident": memory("VmRSS")}), flush=True)


if __name__ == "__main__":
    main()
