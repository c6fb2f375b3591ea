#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets: tests/fuzz/seeds/TARGET/NAME.

A seed called valid-... must be read, one called wrong-... must be refused (test_fuzz.c).
What fuzzing found is there too, under a name of its own, and is not made here.
Run it in the top folder: tests/fuzz/make_seeds.py."""

import gzip
import json
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))


def put(target, name, content):
    folder = os.path.join(HERE, "seeds", target)
    os.makedirs(folder, exist_ok=True)
    if isinstance(content, str):
        content = content.encode()
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def packed(content, **more):
    if isinstance(content, str):
        content = content.encode()
    return gzip.compress(content, mtime=0, **more)


# ---- gzip ----

put("gzip", "valid-plain", "not compressed\n")
put("gzip", "valid-empty", b"")
put("gzip", "valid-one-byte-of-the-magic-number", b"\x1f")
put("gzip", "valid-member", packed("+1 1:0.5\n" * 9))
put("gzip", "valid-stored", packed("stored", compresslevel=0))
put("gzip", "valid-two-members", packed("first ") + packed("second"))
put("gzip", "valid-empty-member", packed(""))
put("gzip", "valid-dense", packed(b"\0" * 50000))
put("gzip", "wrong-magic-number-alone", b"\x1f\x8b")
put("gzip", "wrong-cut-short", packed("cut short" * 9)[:-9])
put("gzip", "wrong-trailing-bytes", packed("and then") + b"something else")
put("gzip", "wrong-checksum", packed("checksum")[:-8] + b"\0" * 8)

# ---- IDX ----


def images(count, rows, columns, pixels):
    return struct.pack(">4I", 0x803, count, rows, columns) + bytes(pixels)


def labels(count, values):
    return struct.pack(">2I", 0x801, count) + bytes(values)


def pair(first, second):
    return struct.pack(">H", len(first)) + first + second


two = images(2, 2, 1, [10, 20, 30, 40])
put("idx", "valid-two", pair(two, labels(2, [1, 9])))
put("idx", "valid-one-pixel", pair(images(1, 1, 1, [255]), labels(1, [0])))
put("idx", "valid-compressed", pair(packed(two), packed(labels(2, [255, 0]))))
put("idx", "wrong-empty", pair(b"", b""))
put("idx", "wrong-kinds-swapped", pair(labels(2, [1, 9]), two))
put("idx", "wrong-number-of-labels", pair(two, labels(3, [1, 2, 3])))
put("idx", "wrong-no-rows", pair(images(2, 0, 1, []), labels(2, [1, 9])))
put("idx", "wrong-huge-dimensions",
    pair(images(2**32 - 1, 2**32 - 1, 2**32 - 1, [1]), labels(2, [1, 9])))
put("idx", "wrong-product-that-wraps",
    pair(images(2**31, 2**31, 4, [1]), labels(2, [1, 9])))
put("idx", "wrong-claim-in-gzip",
    pair(packed(images(4000, 28, 28, [1])), labels(2, [1, 9])))
put("idx", "wrong-trailing-byte", pair(two + b"\0", labels(2, [1, 9])))
put("idx", "wrong-header-cut-short", pair(two[:9], labels(2, [1, 9])))

# ---- LIBSVM ----

text = "+1 1:2.385 3:-4e-3 # a\r\n-1 2:.5 12:7.\n\n2 3:12345678901234567890\n"
put("libsvm", "valid-text", text)
put("libsvm", "valid-compressed", packed(text))
put("libsvm", "valid-no-end-of-line", "1 1:1")
put("libsvm", "valid-empty-example", "1 1:1\n-1\n")
put("libsvm", "valid-largest-index", "1 4294967296:1\n")
put("libsvm", "valid-extreme-numbers",
    "-0 1:1e308 2:4.9e-324 3:-1e-999\n1e22 1:9007199254740993\n")
put("libsvm", "valid-dense", "".join(
    "%d %s\n" % (i % 2, " ".join("%d:%.17g" % (j + 1, (i - j) / 7) for j in range(6)))
    for i in range(8)))
put("libsvm", "wrong-empty", b"")
put("libsvm", "wrong-comment-alone", "# nothing\n")
put("libsvm", "wrong-no-features", "1\n-1\n")
put("libsvm", "wrong-order", "1 2:1 1:1\n")
put("libsvm", "wrong-index-zero", "1 0:1\n")
put("libsvm", "wrong-index-too-large", "1 4294967297:1\n")
put("libsvm", "wrong-index-that-wraps", "1 18446744073709551617:1\n")
put("libsvm", "wrong-infinite", "1 1:1e999\n")
put("libsvm", "wrong-hexadecimal", "1 1:0x10\n")
put("libsvm", "wrong-zero-byte", b"1 1:1\0\n")
put("libsvm", "wrong-long-word", "1 1:" + "9" * 400 + "\n")

# ---- Traces ----

head = "update,passes,cpu_seconds,wall_seconds,train_value,gradient_norm,test_accuracy"
put("trace", "valid-short", head + "\n0,0,0,0,1.5,2,\n1,1,0.5,0.5,1,1e-3,0.25\n")
put("trace", "valid-full",
    "update,epoch,passes,value_evaluations,gradient_evaluations,products,cpu_seconds,"
    "wall_seconds,train_value,gradient_norm,step_norm,learning_rate,test_value,"
    "test_accuracy,validation_value,validation_accuracy,evaluation_seconds,"
    "product_seconds,eigendecomposition_seconds,line_search_seconds,rest_seconds,"
    "preconditioner_seconds,damping,reduction,ray_evaluations,x1,x2\n"
    "0,0,0,0,1,0,0,0,2.5,1,,,,,,,0,0,0,0,0,0,,,0,1,-1\n"
    "7,0.1,3.5,11,12,13,0.25,0.5,nan,inf,4,0.125,2,0.75,3,0.5,17,18,19,20,16,21,45,0.875,"
    "14,1e-300,2\n")
put("trace", "valid-carriage-returns", head + "\r\n0,0,0,0,1,1,\r\n")
put("trace", "valid-empty-name", head + ",\n0,0,0,0,1,1,,5\n")
put("trace", "wrong-empty", b"")
put("trace", "wrong-header-alone", head + "\n")
put("trace", "wrong-last-line-cut", head + "\n0,0,0,0,1,1,\n1,1")
put("trace", "wrong-missing-column", "update,passes\n0,0\n")
put("trace", "wrong-column-twice", head + ",update\n0,0,0,0,1,1,,0\n")
put("trace", "wrong-too-many-cells", head + "\n0,0,0,0,1,1,,,\n")
put("trace", "wrong-word", head + "\n0,0,zero,0,1,1,\n")
put("trace", "wrong-order", head + "\n1,0,0,0,1,1,\n0,0,0,0,1,1,\n")
put("trace", "wrong-zero-byte", (head + "\n0,0,0,0,1,1,\n").encode() + b"\0\n")
put("trace", "wrong-wide-and-long",
    head + "".join(",c%d" % i for i in range(300)) + "\n" + "\n" * 2000)

# ---- Checks of claims ----

put("claim", "valid-comparison", "updates_to(sgd, 1.25) < passes_to(\"prong-100\", 0.5)")
put("claim", "valid-logic", "not final(sgd) > 1e9 and (spread(sgd) == 0 or 1 < 2)")
put("claim", "valid-range", "at(sgd, train_value, 1) in [1/2, 2^1.5]")
put("claim", "valid-rows", "all(sgd, train_value <= 4.5 and gradient_norm * 2 >= 0)")
put("claim", "valid-extremes",
    "least(maximum(sgd, -train_value), minimum(sgd, update), abs(-1)) < sqrt(4) - log(1)")
put("claim", "valid-slope", "slope(sgd, train_value, passes) < 0")
put("claim", "valid-varied",
    "trend(final(sgd, value)) > cpu_to(sgd, 0.5, 10) - last(sgd, update, wide)")
put("claim", "valid-deep", "(" * 90 + "1 < 2" + ")" * 90)
put("claim", "wrong-too-deep", "(" * 1500 + "1 < 2" + ")" * 1500)
put("claim", "wrong-signs", "-" * 3000 + "1 < 2")
put("claim", "wrong-negations", "not " * 1000 + "1 < 2")
put("claim", "wrong-towers", "2" + "^2" * 1500 + " < 2")
put("claim", "wrong-sums", "1" + "+1" * 1500 + " < 2")
put("claim", "wrong-calls", "abs(" * 900 + "1" + ")" * 900 + " < 2")
put("claim", "wrong-empty", b"")
put("claim", "wrong-open-quote", "final(\"sgd) < 1")
put("claim", "wrong-huge-number", "1e999 < 2")
put("claim", "wrong-not-a-truth", "final(sgd)")
put("claim", "wrong-name", "final(sdg) < 1")
put("claim", "wrong-arguments", "least(1,2,3,4,5,6,7,8,9) < 1")
put("claim", "wrong-bytes", b"\xff\xfe final(sgd) < 1")

# ---- Specifications ----

put("specification", "valid-name", "adam")
put("specification", "valid-method", "lbfgs:memory=20,line_search=hager-zhang")
put("specification", "valid-problem", "quadratic:dimension=7,condition=1e3")
put("specification", "valid-list", "slopes:slopes=0.1x9 -0.9")
put("specification", "valid-data", "softmax:data=a\\,b\\\\c.svm,l2=1e-4,bias=no")
put("specification", "valid-network",
    "network:data=x.svm,layers=500-250-30,activation=tanh")
put("specification", "valid-options",
    "seed=4,updates=3,batch=10,target=-1.5,coordinates=whitened")
put("specification", "valid-schedule",
    "sgd:learning_rate=0.1,schedule=step,schedule_factor=0.5,clip_norm=1")
put("specification", "valid-prong",
    "prong:learning_rate=0.01,interval=100,form=pca,plus=yes")
put("specification", "wrong-name", "adma:beta1=0.9")
put("specification", "wrong-twice", "adam:beta1=0.9,beta1=0.9")
put("specification", "wrong-range", "adam:beta1=1e999")
put("specification", "wrong-integer", "lbfgs:memory=99999999999999999999")
put("specification", "wrong-huge-dimension", "quadratic:dimension=9007199254740992")
put("specification", "wrong-huge-count", "slopes:slopes=0.1x999999999")
put("specification", "wrong-new-line", "adam:be\nta=1")
put("specification", "wrong-no-value", "adam:beta1")
put("specification", "wrong-long-key", "adam:" + "b" * 700 + "=1")
put("specification", "wrong-bytes", b"adam:\xff\xfe=\x01")

# ---- Studies ----

plain = """study: prong-autoencoder
question: Does whitening beat momentum?
problem: {name: autoencoder, data: fashion-mnist, layers: [1000, 500, 250, 30]}
batch: 256
seeds: [1, 2, 3]
budget: {updates: 2000}
measure: {every: 50, examples: 5000}
target: [260, 240]
methods:
  - {name: sgd, learning_rate: 0.03, momentum: 0.9}
  - {name: prong, label: prong-100, learning_rate: 0.01, interval: 100}
  - {name: lbfgs, batch: full, budget: {passes: 10}}
claims:
  - {id: C1, that: whitening wins, check: "cpu_to(prong-100, 240) < cpu_to(sgd, 240)"}
""".replace("cpu_to(prong-100,", 'cpu_to(\\"prong-100\\",')
short = "study: s\nproblem: {name: rosenbrock}\nbudget: {updates: 3}\n"
put("study", "valid-plain", plain)
put("study", "valid-short", short + "methods:\n  - {name: adam}\n")
put("study", "valid-varied",
    "study: v\nproblem: {name: quadratic, dimension: 4}\n"
    "vary: {problem.condition: [10, 1e2]}\n"
    "budget: {updates: 5}\nminimum: 0\ngap: [1e-3]\nprofiles: [1e-1, 1e-3]\nmethods:\n"
    "  - {name: sgd, learning_rate: '=1/condition'}\n  - {name: lbfgs}\n"
    "claims:\n  - {id: A, that: t, check: 'trend(updates_to(lbfgs, 1e-3, value)) < 1'}\n")
put("study", "valid-tuned",
    "study: t\nproblem: {name: rosenbrock_chained}\nbudget: {updates: 5}\nbaseline: adam\n"
    "tuning: {seeds: [5], select: best_value, untuned: yes}\nmethods:\n"
    "  - {name: adam, tune: {learning_rate: [1e-3, 1e-2]}}\n"
    "  - {name: sgd, tune: {search: quasi-random, trials: 2,\n"
    "                       learning_rate: {low: 1e-4, high: 1}}}\n")
put("study", "valid-starts",
    "study: p\nproblem: {name: himmelblau}\nbudget: {updates: 5}\n"
    "starts: {points: 3, x: [-6, 6], y: [-6, 6]}\nrecord: [condition]\n"
    "methods: [{name: newton}]\n")
put("study", "valid-problems",
    "study: q\nvary: {problem: ['rosenbrock:dimension=4', cliff]}\n"
    "budget: {evaluations: 9}\n"
    "target: best of bfgs\nmethods: [{name: bfgs}, {name: nonlinear_cg}]\n")
put("study", "valid-anchors",
    "study: a\nproblem: &p {name: cliff}\nbudget: &b {updates: 3}\n"
    "methods:\n  - {name: adam, budget: *b}\n"
    "  - {name: sgd, budget: *b, learning_rate: &r 0.1}\n"
    "  - {name: rmsprop, learning_rate: *r}\n")
put("study", "wrong-empty", b"")
put("study", "wrong-second-document", short + "methods: [{name: adam}]\n---\n" + short)
put("study", "wrong-key", short.replace("budget", "budgte") + "methods: [{name: adam}]\n")
put("study", "wrong-key-with-new-line", short + '"a\\nb": 1\nmethods: [{name: adam}]\n')
put("study", "wrong-labels-twice", short + "methods: [{name: adam}, {name: adam}]\n")
put("study", "wrong-utf8",
    short.encode() + b"question: \xff\xfe\nmethods: [{name: adam}]\n")
put("study", "wrong-zero-byte", short + 'question: "a\\0b"\nmethods: [{name: adam}]\n')
put("study", "wrong-raw-zero-byte",
    short.encode() + b"question: a\0b\nmethods: [{name: adam}]\n")
put("study", "wrong-nesting", "a: " + "[" * 1200 + "]" * 1200 + "\n")
put("study", "wrong-cycle", "study: &a\n  problem: *a\nmethods: &m [*m, *m]\n")
put("study", "wrong-many-doublings",
    "a: &a [x, x]\n" + "".join(
        "%s: &%s [*%s, *%s]\n" % (b, b, a, a) for a, b in zip("abcdefghij", "bcdefghijk")))
put("study", "wrong-trials-without-bound",
    "study: t\nproblem: {name: rosenbrock}\nbudget: {updates: 5}\n"
    "vary: {problem.dimension: [2, 4, 6, 8, 10, 12]}\nmethods:\n"
    "  - {name: sgd, tune: {learning_rate: {low: 1, high: 2, points: 90000}}}\n")
put("study", "wrong-indentation", "study: s\n problem: {\n")
put("study", "wrong-tabs", "study:\ts\n\tproblem: x\n")

# ---- Checkpoints: changes to one (fuzz_checkpoint.c) ----


def changes(kind, length, *triples):
    return bytes([kind]) + struct.pack(">H", length) + b"".join(
        struct.pack(">HB", offset, byte) for offset, byte in triples)


for kind, method in enumerate(["adam", "lbfgs", "nonlinear-cg", "sgd"]):
    put("checkpoint", "valid-" + method, changes(2 * kind, 0))
    put("checkpoint", "valid-state-" + method, changes(2 * kind + 1, 0))
put("checkpoint", "wrong-empty", b"")
put("checkpoint", "wrong-cut-short", changes(0, 2000))
put("checkpoint", "wrong-header-alone", changes(2, 48))
put("checkpoint", "wrong-magic-number", changes(0, 0, (0, 0)))
put("checkpoint", "wrong-root-address", changes(4, 0, (12, 255), (64, 255)))

put("checkpoint", "wrong-type-of-huge-size",
    bytes.fromhex("c4a29603 00272a5f 625f5f25 500601".replace(" ", "")))

# ---- Manifests ----

study_text = ("study: s\nproblem: {name: rosenbrock}\nbudget: {updates: 3}\n"
              "methods: [{name: sgd}, {name: adam}]\n")


def manifest(**more):
    runs = [{"label": label, "seed": 1, "varied": None, "trace": "traces/%s-1.csv" % label,
             "status": "updates", "reason": "the budget is spent", "method": label,
             "value": 0.5, "updates": 2, "passes": 2, "cpu_seconds": 1, "wall_seconds": 1.5,
             "gradient_norm": None, "contaminated_by": None, "targets": [None]}
            for label in ("sgd", "adam")]
    whole = {"study": "s", "question": None, "text": study_text, "version": "VERSION",
             "threads": 1, "at_once": 1,
             "problem": {"name": "rosenbrock", "spec": "rosenbrock", "line": 2,
                         "parameters": {"dimension": "2"}, "dimension": 2, "examples": 1},
             "targets": [1.25], "target_of": [None], "baseline": "sgd", "minimum": 0,
             "budget": {"updates": "3"},
             "methods": [{"label": m, "name": m, "spec": m, "parameters": {"epsilon": "1"},
                          "run": {"batch": "full", "measure_examples": "all"}}
                         for m in ("sgd", "adam")],
             "seeds": [1], "vary": None, "profiles": [0.1], "record": [],
             "claims": [{"id": "A", "that": "t", "check": "final(sgd) <= final(adam)"}],
             "tuning": None, "data": [[]], "complete": True, "runs": runs,
             "contamination": "rule", "provenance": {"compiler": "gcc"}, "resumed": []}
    whole.update(more)
    return json.dumps(whole, indent=0)


def without(text, key):
    whole = json.loads(text)
    del whole[key]
    return json.dumps(whole)


varied = {"key": "problem.dimension",
          "variants": [{"value": v, "problem": "rosenbrock", "targets": [1.25],
                        "minimum": None, "methods": ["sgd", "adam"]} for v in ("2", "4")]}
one = {"label": "sgd", "seed": 1, "varied": "4", "trace": "traces/sgd-1.csv",
       "status": "updates", "value": 0.5}
put("manifest", "valid-complete", manifest())
put("manifest", "valid-empty-race", manifest(runs=[], claims=[], methods=[], seeds=[]))
put("manifest", "valid-missing-run", manifest(complete=False, seeds=[1, 2]))
put("manifest", "valid-varied", manifest(vary=varied, runs=[one], claims=[]))
put("manifest", "valid-failed",
    manifest(runs=[dict(one, varied=None, status="diverged", value=None)]))
for key in ("question", "version", "problem", "baseline", "budget", "profiles", "claims",
            "provenance", "contamination", "data", "tuning"):
    put("manifest", "valid-without-" + key, without(manifest(), key))
put("manifest", "valid-wrong-kinds",
    manifest(problem=[], baseline=7, budget=[], provenance=[1], claims=[],
             data={}, question=3, minimum="x", contamination=[], threads="x"))
put("manifest", "wrong-empty", b"")
put("manifest", "wrong-other-json", "[1, 2, 3]")
put("manifest", "wrong-number", "7")
for key in ("study", "targets", "methods", "seeds", "runs"):
    put("manifest", "wrong-without-" + key, without(manifest(), key))
put("manifest", "wrong-no-variants", manifest(vary={"key": "x", "variants": []}))
put("manifest", "wrong-label", manifest(runs=[dict(one, label="x", varied=None)]))
put("manifest", "wrong-trace",
    manifest(runs=[dict(one, trace="traces/none.csv", varied=None)]))
put("manifest", "wrong-trace-folder",
    manifest(runs=[dict(one, trace="traces", varied=None)]))
put("manifest", "wrong-target", manifest(targets=["x"]))
put("manifest", "wrong-nesting", "[" * 3000)
put("manifest", "wrong-twice", '{"study": "a", "study": "b"}')
put("manifest", "wrong-utf8", b'{"study": "\xff"}')
