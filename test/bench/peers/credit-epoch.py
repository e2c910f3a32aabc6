"""One epoch of gradient descent on 784-500-500-10 without biases: tanh, softmax cross-entropy, rate 0.1, batches of 128 in order, single
precision. Feedback alignment sends the error back through fixed random matrices."""

import numpy as np

BATCH, RATE = 128, 0.1
SHAPES = {"w0": (500, 784), "w1": (500, 500), "w2": (10, 500), "b1": (500, 500), "b2": (10, 500)}


def given(size, inputs):
    """Images, labels, the weights at the start and the feedback matrices; weights are outputs × inputs."""
    matrices = [inputs[name].reshape(shape) for name, shape in SHAPES.items()]
    return inputs["images"].reshape(size, 784), inputs["labels"].astype(np.int64), matrices[:3], matrices[3:]


def check(loss):
    return [loss]


def by_hand_in_numpy(size, inputs, alignment):
    images, labels, start, feedback = given(size, inputs)

    def work():
        w0, w1, w2 = [weights.copy() for weights in start]
        loss = 0.0
        for begin in range(0, size, BATCH):
            x, y = images[begin : begin + BATCH], labels[begin : begin + BATCH]
            n = len(x)
            h1 = np.tanh(x @ w0.T)
            h2 = np.tanh(h1 @ w1.T)
            e = h2 @ w2.T
            e -= e.max(1, keepdims=True)
            np.exp(e, out=e)
            e /= e.sum(1, keepdims=True)
            loss -= np.log(e[np.arange(n), y]).sum()
            e[np.arange(n), y] -= 1
            e /= n
            back1, back2 = feedback if alignment else (w1, w2)
            d2 = (e @ back2) * (1 - h2 * h2)
            d1 = (d2 @ back1) * (1 - h1 * h1)
            w2 -= RATE * (e.T @ h2)
            w1 -= RATE * (d2.T @ h1)
            w0 -= RATE * (d1.T @ x)
        return loss / size

    return work, check


def by_hand_in_torch(size, inputs, alignment):
    import torch as th

    images, labels, start, feedback = given(size, inputs)
    images, labels = th.from_numpy(images), th.from_numpy(labels)
    feedback = [th.from_numpy(matrix) for matrix in feedback]

    @th.no_grad()
    def work():
        w0, w1, w2 = [th.from_numpy(weights.copy()) for weights in start]
        loss = 0.0
        for begin in range(0, size, BATCH):
            x, y = images[begin : begin + BATCH], labels[begin : begin + BATCH]
            n = len(x)
            h1 = th.tanh(x @ w0.T)
            h2 = th.tanh(h1 @ w1.T)
            e = th.softmax(h2 @ w2.T, 1)
            loss -= th.log(e[th.arange(n), y]).sum().item()
            e[th.arange(n), y] -= 1
            e /= n
            back1, back2 = feedback if alignment else (w1, w2)
            d2 = (e @ back2) * (1 - h2 * h2)
            d1 = (d2 @ back1) * (1 - h1 * h1)
            w2.addmm_(e.T, h2, alpha=-RATE)
            w1.addmm_(d2.T, h1, alpha=-RATE)
            w0.addmm_(d1.T, x, alpha=-RATE)
        return loss / size

    return work, check


def torch_autograd(size, inputs):
    import torch as th

    images, labels, start, _ = given(size, inputs)
    images, labels = th.from_numpy(images), th.from_numpy(labels)

    def work():
        weights = [th.from_numpy(matrix.copy()).requires_grad_() for matrix in start]
        w0, w1, w2 = weights
        optimizer = th.optim.SGD(weights, lr=RATE)
        total = 0.0
        for begin in range(0, size, BATCH):
            x, y = images[begin : begin + BATCH], labels[begin : begin + BATCH]
            loss = th.nn.functional.cross_entropy(th.tanh(th.tanh(x @ w0.T) @ w1.T) @ w2.T, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        return total / size

    return work, check


def backprop_numpy(size, inputs):
    return by_hand_in_numpy(size, inputs, alignment=False)


def backprop_torch(size, inputs):
    return by_hand_in_torch(size, inputs, alignment=False)


def alignment_numpy(size, inputs):
    return by_hand_in_numpy(size, inputs, alignment=True)


def alignment_torch(size, inputs):
    return by_hand_in_torch(size, inputs, alignment=True)
