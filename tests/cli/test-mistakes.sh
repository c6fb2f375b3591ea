#!/bin/sh
# Every mistake in a call: exit 2, one sentence that names it, nothing written.
srcdir=$(cd "$srcdir" && pwd)
. "$srcdir/tests/cli/lib.sh"

quadratic='--problem quadratic --method sgd --updates 3'

# The command.
refuses 'expected a command'
refuses "there is no command 'slove'; did you mean 'solve'?" slove
refuses 'expected nothing more' --version --help

# Options.
refuses "solve has no option '--methode'; did you mean '--method'?" solve --methode sgd
refuses "did you mean '--gradient-tolerance'?" solve $quadratic --gradient_tolerance 1
refuses "solve has no option '-q'" solve $quadratic -q
refuses '--problem: expected a value after it' solve --problem --method sgd
refuses '--updates: expected a value after it' solve $quadratic --seed 1 --updates
refuses '--updates is given twice' solve $quadratic --updates 4
refuses '--problem is given twice' solve $quadratic --problem=quadratic
refuses '--method is missing' solve --problem quadratic
refuses '--problem is missing' solve --method sgd
refuses '--problem is missing' check
refuses '--at is missing' evaluate --problem quadratic
refuses "'more' is one argument too many" solve $quadratic more
refuses "'--quiet' is one argument too many" solve $quadratic -- --quiet
refuses "list has no option '--quiet'" list --quiet

# Values.
for value in nan inf -1 '' ' 1' 1x 0x 1,5; do
    refuses "--passes $value: expected a number in [0, inf) or none" \
        solve --problem quadratic --method sgd --passes "$value"
done
for value in 0 -1 2.5 1e3 many 99999999999999999999; do
    refuses "--threads $value: expected an integer in [1, 1024]" \
        solve $quadratic --threads "$value"
done
refuses '--cpu-seconds 0: expected a number in (0, inf)' solve $quadratic --cpu-seconds 0
refuses 'batch=2: expected at most 1, the training examples of quadratic' \
    solve $quadratic --batch 2
refuses 'sampling=iid needs a batch' solve $quadratic --sampling iid
refuses '--batch 0: expected an integer' solve $quadratic --batch=0
refuses '--batch ful: expected an integer' solve $quadratic --batch ful
refuses '--quiet maybe: expected no|yes' solve $quadratic --quiet=maybe

# Problems and methods.
refuses "there is no problem 'quadratc'; did you mean 'quadratic'?" \
    solve --problem quadratc --method sgd
refuses "there is no method 'sgdd'; did you mean 'sgd'?" \
    solve --problem quadratic --method sgdd
refuses "sgd has no parameter 'momentun'; did you mean 'momentum'?" \
    solve --problem quadratic --method sgd:momentun=0.5
refuses 'sgd: learning_rate=nan: expected a number in (0, inf)' \
    solve --problem quadratic --method sgd:learning_rate=nan
refuses 'sgd: learning_rate=0.1x: expected a number' \
    solve --problem quadratic --method sgd:learning_rate=0.1x
refuses 'sgd: momentum=1: expected a number in [0, 1)' \
    solve --problem quadratic --method sgd:momentum=1
for key in adam:beta1 adam:beta2 adamax:beta2 rmsprop:decay adadelta:decay; do
    refuses "$(echo $key | sed 's/:/: /')=1: expected a number in [0, 1)" \
        solve --problem quadratic --method $key=1
done
refuses 'schedule=step does not read schedule_decay' \
    solve --problem quadratic --method sgd:schedule=step,schedule_decay=0.1
refuses 'schedule=plateau needs validation data' \
    solve --problem quadratic --method sgd:schedule=plateau --updates 3
refuses 'vsgd: curvature=exact needs the diagonal of the Hessian' \
    solve --problem rosenbrock --method vsgd:curvature=exact --updates 3
refuses 'sgd: momentum is given twice' \
    solve --problem quadratic --method sgd:momentum=0.1,momentum=0.2
refuses "sgd: 'momentum': expected key=value" \
    solve --problem quadratic --method sgd:momentum
refuses 'whitened coordinates need a layer view, which quadratic does not have' \
    solve $quadratic --coordinates whitened
refuses 'whitening_samples is given, which needs coordinates=whitened' \
    solve $quadratic --whitening-samples 100
refuses 'rosenbrock: dimension=3: expected an even number' \
    solve --problem rosenbrock:dimension=3 --method sgd

# Needs that are not met.
refuses 'prong needs a layer view, which quadratic does not have' \
    solve --problem quadratic --method prong --trace t.csv

# Data.
printf '1 1:0.5\n2 1:x\n' >broken.txt
printf '1 1:nan\n2 1:1\n' >nan.txt
printf '1 1:0.5\n2 1:1\n3 1:2\n' >three.txt
refuses 'nowhere.txt' solve --problem softmax:data=nowhere.txt --method sgd
refuses 'broken.txt: line 2' solve --problem softmax:data=broken.txt --method sgd --save x.h5
refuses 'nan.txt: line 1' evaluate --problem softmax:data=nan.txt --at zero
refuses 'two' check --problem logistic:data=three.txt

# Outputs: refused before the run, and before the problem is opened.
mkdir there
refuses 'no/t.csv: cannot be written: No such file or directory' \
    solve $quadratic --trace no/t.csv
refuses 'there: cannot be written: Is a directory' solve $quadratic --summary there
refuses 'no/x.h5: cannot be written' solve $quadratic --save no/x.h5
mkfifo pipe
refuses '--save pipe: expected a regular file' solve $quadratic --save pipe
refuses '--save there: expected a regular file' solve $quadratic --save there
refuses '--trace same: another output has the same path' \
    solve $quadratic --trace same --summary same
refuses '--trace same: another output has the same path' \
    solve $quadratic --trace same --save there/../same
refuses '--summary ./same: another output has the same path' \
    solve $quadratic --summary ./same --save same --trace t.csv
refuses 'cannot be written' solve --problem nonsense --method sgd --trace no/t.csv
refuses ': cannot be written: No such file or directory' solve $quadratic --trace ''
refuses '/dev/stdout: cannot be written' solve $quadratic --trace /dev/stdout
# The first output must not be left behind by the mistake in the second.
refuses 'no/s.json: cannot be written' solve $quadratic --trace t.csv --summary no/s.json
refuses "there is no problem 'nonsense'" \
    solve --problem nonsense --method sgd --trace t.csv --summary s.json --save x.h5

# Points.
echo 'not HDF5' >junk.h5
ends 0 solve --problem quadratic:dimension=3 --method sgd --updates 1 --save three.h5
refuses 'nowhere.h5' solve $quadratic --start nowhere.h5
refuses 'junk.h5' solve $quadratic --start junk.h5 --trace t.csv
refuses 'three.h5' solve $quadratic --start three.h5 --trace t.csv
refuses 'three.h5' evaluate --problem quadratic:dimension=4 --at three.h5
refuses 'nowhere.h5' evaluate --problem quadratic --at nowhere.h5
mkdir folder.h5 && mkfifo pipe.h5
refuses 'folder.h5: expected a file, found a folder' evaluate --problem quadratic --at folder.h5
refuses 'pipe.h5: expected a file, found a device or pipe' solve $quadratic --start pipe.h5
rm -r folder.h5 pipe.h5
refuses 'three.h5' check --problem quadratic:dimension=4 --start three.h5

# Checkpoints.
ends 0 solve $quadratic --checkpoint two.h5
refuses '--checkpoint-every needs --checkpoint' solve $quadratic --checkpoint-every 3
refuses '--start and --resume-from cannot both be given' \
    solve $quadratic --resume-from two.h5 --start zero
refuses 'nowhere.h5' solve $quadratic --resume-from nowhere.h5
refuses 'three.h5: expected a text identity' solve $quadratic --resume-from three.h5
refuses 'its run seed is "1", expected "2"' solve $quadratic --resume-from two.h5 --seed 2
refuses 'no/c.h5: cannot be written' solve $quadratic --checkpoint no/c.h5
refuses '--checkpoint pipe: expected a regular file' solve $quadratic --checkpoint pipe
refuses '--save same: another output has the same path' \
    solve $quadratic --save same --checkpoint same

# The other commands.
printf 'study: s\nproblem: {name: quadratic, dimension: 3}\nbudget: {updates: 1}\nmethods: [{name: sgd}]\n' \
    >three.yaml
refuses 'three.yaml:2: quadratic:dimension=3 has 3 parameters, and only a problem with two can' \
    draw three.yaml
refuses 'draw: expected STUDY.yaml' draw
refuses "list: 'method': expected methods, problems or data" list method
refuses 'describe: expected NAME' describe
refuses "there is no method or problem 'sdg'; did you mean 'sgd'?" describe sdg
refuses "there is no problem 'nonsense'" check --problem nonsense
refuses "there is no problem 'nonsense'" evaluate --problem nonsense --at zero
refuses "'x' is one argument too many" manual x

finish
